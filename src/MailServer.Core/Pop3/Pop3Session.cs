using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Protocol;

namespace MailServer.Core.Pop3;

/// <summary>One POP3 conversation (RFC 1939): frames a line, looks it up, runs it, writes the reply.</summary>
public sealed class Pop3Session : IProtocolSession
{
    private readonly LineReader _lineReader;
    private bool _wantsTls;
    private bool _hasEnded;
    private bool _isInBody;
    private int _badCommands;
    private IMaildrop? _maildrop;

    public Pop3Session(SessionServices services, Peer peer, ISessionObserver observer)
    {
        Services = services;
        Peer = peer;
        Observer = observer;
        _lineReader = new(peer, services.Limits.UnendedLine);
        Login = new(this);
    }

    public SessionServices Services { get; }

    public Peer Peer { get; }

    public Pop3State State => _hasEnded ? Pop3State.Closed : _maildrop is null ? Pop3State.Authorization : Pop3State.Transaction;

    public SessionWants Wants => _wantsTls ? SessionWants.TlsHandshake : _hasEnded ? SessionWants.Close : SessionWants.Input;

    public TimeSpan Patience => Services.Limits.Pop3Idle;

    public long Progress { get; private set; }

    public bool IsReceivingMessage => false;

    public bool IsEncrypted => _lineReader.IsEncrypted;

    /// <summary>True when passwords may cross this connection: it is encrypted, or ends on this machine, or a setting says so.</summary>
    public bool MayLogIn => IsEncrypted || Peer.IsLoopback || Services.AuthWithoutTls;

    internal ISessionObserver Observer { get; }

    /// <summary>What the client said of who it is.</summary>
    internal Pop3Login Login { get; }

    /// <summary>The messages of the maildrop; only in the TRANSACTION state.</summary>
    internal MaildropView View { get; private set; } = new([]);

    /// <summary>The maildrop; only in the TRANSACTION state.</summary>
    internal IMaildrop Maildrop => _maildrop!;

    public void Start(PipeWriter output) => WriteFirstLine(Pop3Replies.Greeting(Services.Identity.Hostname), output);

    public async ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation)
    {
        var limit = LineLimit(input);
        var frame = _lineReader.Next(input, limit, output);
        if (frame.Kind == FrameKind.Incomplete)
            return frame.Consumed;

        Progress++;
        switch (frame.Kind)
        {
            case FrameKind.Line:
                await RunLineAsync(frame.Line, output, cancellation);
                return frame.Consumed;
            case FrameKind.TooLong:
                Login.TakeExchange();
                await AnswerAsync("?", Pop3Replies.LineTooLong(limit), output, cancellation);
                return frame.Consumed;
            default:
                await AnswerAsync("?", Pop3Replies.For(frame.Kind), output, cancellation);
                return input.End;
        }
    }

    /// <summary>Nothing that was said in clear counts any more (RFC 2595 4).</summary>
    public void OnTlsStarted()
    {
        _wantsTls = false;
        Login.Forget();
        _lineReader.OnTlsStarted();
    }

    /// <summary>Ends the session without a word and without deletions (RFC 1939 3).</summary>
    public void OnTimeout(PipeWriter output) => _hasEnded = true;

    /// <inheritdoc cref="OnTimeout"/>
    public void OnShutdown(PipeWriter output) => _hasEnded = true;

    public void OnFault(PipeWriter output)
    {
        _hasEnded = true;
        if (!_isInBody)
            WriteFirstLine(Pop3Replies.InternalError, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_maildrop is not { } maildrop)
            return;
        _maildrop = null;
        try
        {
            if (View.Read.Count > 0)
                await maildrop.CommitAsync([], View.Read, CancellationToken.None);
        }
        catch (StoreFault fault)
        {
            Observer.StoreFailed(fault);
        }
        finally
        {
            await maildrop.DisposeAsync();
        }
    }

    /// <summary>Opens the account's maildrop, which is what logging in means. Null when it is open, else the refusal.</summary>
    internal async ValueTask<Pop3Reply?> OpenAsync(Account account, CancellationToken cancellation)
    {
        if (await Services.Mail.OpenMaildropAsync(account, cancellation) is not { } maildrop)
            return Pop3Replies.InUse;
        _maildrop = maildrop;
        View = new(maildrop.Entries);
        Observer.LoggedIn(account.Name.Text);
        return null;
    }

    internal void RequestTls() => _wantsTls = true;

    /// <summary>Carries out deletions and read marks, all or none, and frees the maildrop (RFC 1939 6).</summary>
    internal async ValueTask UpdateAsync(CancellationToken cancellation)
    {
        var (maildrop, deleted, read) = (Maildrop, View.Deleted, View.Read);
        _maildrop = null;
        _hasEnded = true;
        await using (maildrop)
        {
            if (deleted.Count + read.Count > 0)
                await maildrop.CommitAsync(deleted, read, cancellation);
        }

        if (deleted.Count > 0)
            Observer.MessagesDeleted(deleted.Count);
    }

    private int LineLimit(ReadOnlySequence<byte> input) =>
        Login.IsExchanging || CommandText.StartsWithVerb(input, "AUTH"u8) ? Services.Limits.AuthLine : Services.Limits.CommandLine;

    private async ValueTask RunLineAsync(ReadOnlySequence<byte> octets, PipeWriter output, CancellationToken cancellation)
    {
        var exchange = Login.TakeExchange();
        if (_lineReader.TryDecode(octets) is not { } line)
        {
            await AnswerAsync("?", Pop3Replies.BadCharacters, output, cancellation);
            return;
        }

        var (verb, argument) = CommandText.Split(line);
        var row = exchange is null ? Pop3CommandTable.For(verb) : null;
        if (Observer.WantsLines)
            Observer.LineReceived(row?.Command.Mask(line) ?? CommandText.Mask);

        var name = exchange is null ? row?.Command.Verb ?? "?" : "AUTH";
        try
        {
            var reply = exchange is null ? await RunAsync(row, verb, argument, cancellation) : await Login.RespondAsync(exchange, line, cancellation);
            await AnswerAsync(name, reply, output, cancellation);
        }
        catch (StoreFault fault) when (!_isInBody)
        {
            Observer.StoreFailed(fault);
            await AnswerAsync(name, Pop3Replies.For(fault), output, cancellation);
        }
        catch (StoreFault fault)
        {
            // Half of a message is out. Without the final dot the client knows that it has not got it.
            Observer.StoreFailed(fault);
            _hasEnded = true;
        }
    }

    private ValueTask<Pop3Reply> RunAsync(Pop3Row? row, string verb, string argument, CancellationToken cancellation)
    {
        if (row is null)
        {
            var isHttp = State == Pop3State.Authorization && CommandText.IsHttpVerb(verb);
            return ValueTask.FromResult(
                isHttp ? Pop3Replies.NotHttp
                : CommandText.IsSmtpVerb(verb) ? Pop3Replies.CommandOfSmtp(verb.ToUpperInvariant())
                : Pop3Replies.UnknownCommand);
        }

        if (!row.States.HasFlag(State))
            return ValueTask.FromResult(State == Pop3State.Authorization ? Pop3Replies.LogInFirst : Pop3Replies.AfterLogin);
        return row.Command.ExecuteAsync(this, argument, cancellation);
    }

    private async ValueTask AnswerAsync(string verb, Pop3Reply reply, PipeWriter output, CancellationToken cancellation)
    {
        // A challenge is no command carried out: it must not forgive the refusals that come with it in turn.
        if (reply is { IsOk: true, IsChallenge: false })
            _badCommands = 0;
        else if (reply.IsBadCommand && ++_badCommands > Services.Limits.BadCommands)
            reply = Pop3Replies.TooManyBadCommands;
        if (!reply.IsOk)
            Observer.Refused(verb, reply.FirstLine);
        _hasEnded |= reply.Ends;
        WriteFirstLine(reply, output);
        if (reply.Body is not { } body)
            return;

        _isInBody = true;
        var lines = new MultilineOutput(output);
        await body.WriteAsync(lines, cancellation);
        lines.Finish();
        _isInBody = false;
    }

    private void WriteFirstLine(Pop3Reply reply, PipeWriter output)
    {
        Encoding.UTF8.GetBytes(reply.FirstLine, output);
        output.Write("\r\n"u8);
        if (Observer.WantsLines)
            Observer.LineSent(reply.HoldsText ? $"{reply.Word} {CommandText.Mask}" : reply.FirstLine);
    }
}
