using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3;

/// <summary>One POP3 conversation (RFC 1939): whom the client says it is, and the maildrop that it holds.</summary>
public sealed class Pop3Session : ProtocolSession<Pop3State, Pop3Reply>
{
    private bool _isInBody;
    private IMaildrop? _maildrop;

    public Pop3Session(SessionServices services, Peer peer, ISessionObserver observer, CommandTable<Pop3Command, Pop3State>? table = null)
        : base(services, peer, observer, Pop3State.Authorization) =>
        Commands = new Pop3CommandInput(this, table ?? Pop3CommandTable.Standard);

    public override TimeSpan Patience => Services.Limits.Pop3Idle;

    internal override Pop3Reply BadCharacters => Pop3Replies.BadCharacters;

    /// <summary>The name that USER gave, as given; null before, and after PASS.</summary>
    internal string? User { get; set; }

    /// <summary>True when the account that is logged in has no password.</summary>
    internal bool IsPasswordless { get; private set; }

    /// <summary>The messages of the maildrop; none before login.</summary>
    internal MaildropView View { get; private set; } = new([]);

    /// <summary>The maildrop; only in the TRANSACTION state.</summary>
    internal IMaildrop Maildrop => _maildrop!;

    protected override Pop3Input Commands { get; }

    protected override Pop3State Closed => Pop3State.Closed;

    protected override Pop3Reply TooManyBadCommands => Pop3Replies.TooManyBadCommands;

    public override void Start(PipeWriter output) => Write(Pop3Replies.Greeting(Services.Identity.Hostname), output);

    /// <summary>Ends the session without a word and without deletions (RFC 1939 3).</summary>
    public override void OnTimeout(PipeWriter output) => End();

    /// <inheritdoc cref="OnTimeout"/>
    public override void OnShutdown(PipeWriter output) => End();

    public override void OnFault(PipeWriter output)
    {
        End();
        if (!_isInBody)
            Write(Pop3Replies.InternalError, output);
    }

    /// <summary>Keeps what was read as read, deletes nothing, and frees the maildrop.</summary>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync([], CancellationToken.None);
        }
        catch (StoreFault fault)
        {
            Observer.StoreFailed(fault);
        }
    }

    internal override Pop3Reply ReplyTo(FrameKind kind) => Pop3Replies.For(kind);

    internal override Pop3Reply ReplyTo(StoreFault fault) => Pop3Replies.For(fault);

    internal override Pop3Reply ResponseTooLong(int limit) => Pop3Replies.LineTooLong(limit);

    internal override async ValueTask<Pop3Reply> FinishLoginAsync(LoginOutcome login, CancellationToken cancellation) =>
        login.Account is { } account ? await OpenAsync(account, cancellation) : Pop3Replies.For(login);

    /// <summary>Opens the account's maildrop, which is what logging in means.</summary>
    internal async ValueTask<Pop3Reply> OpenAsync(Account account, CancellationToken cancellation)
    {
        if (await Services.Mail.OpenMaildropAsync(account, cancellation) is not { } maildrop)
            return Pop3Replies.InUse;
        _maildrop = maildrop;
        View = new(maildrop.Entries);
        IsPasswordless = account.IsPasswordless;
        Observer.LoggedIn(account.Name.Text);
        return Pop3Replies.LoggedIn(View.Count, View.Octets);
    }

    /// <summary>Carries out deletions and read marks, all or none, and frees the maildrop (RFC 1939 6).</summary>
    internal async ValueTask UpdateAsync(CancellationToken cancellation)
    {
        var deleted = View.Deleted;
        await CloseAsync(deleted, cancellation);
        if (deleted.Count > 0)
            Observer.MessagesDeleted(deleted.Count);
    }

    protected override void Forget() => User = null;

    protected override void Write(Pop3Reply reply, PipeWriter output)
    {
        Encoding.UTF8.GetBytes(reply.FirstLine, output);
        output.Write("\r\n"u8);
        if (Observer.WantsLines)
            Observer.LineSent(reply.HoldsText ? $"{reply.Word} {CommandText.Mask}" : reply.FirstLine);
    }

    protected override async ValueTask WriteBodyAsync(Pop3Reply reply, PipeWriter output, CancellationToken cancellation)
    {
        if (reply.Body is not { } body)
            return;
        _isInBody = true;
        var lines = new MultilineOutput(output);
        try
        {
            await body.WriteAsync(lines, cancellation);
        }
        catch (StoreFault fault)
        {
            // Half of a message is out. Without the final dot the client knows that it has not got it.
            Observer.StoreFailed(fault);
            End();
            return;
        }

        lines.Finish();
        _isInBody = false;
    }

    private async ValueTask CloseAsync(IReadOnlyList<int> deleted, CancellationToken cancellation)
    {
        if (_maildrop is not { } maildrop)
            return;
        _maildrop = null;
        await using (maildrop)
        {
            if (deleted.Count + View.Read.Count > 0)
                await maildrop.CommitAsync(deleted, View.Read, cancellation);
        }
    }
}
