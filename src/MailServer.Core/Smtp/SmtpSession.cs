using System.IO.Pipelines;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Routing;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp.Inputs;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp;

/// <summary>One SMTP conversation (RFC 5321): what the client said of itself, and the message under way.</summary>
public sealed class SmtpSession : ProtocolSession<SmtpState, SmtpReply>
{
    private readonly CommandTable<SmtpCommand, SmtpState> _table;

    public SmtpSession(SessionServices services, Peer peer, ISessionObserver observer, CommandTable<SmtpCommand, SmtpState>? table = null)
        : base(services, peer, observer, SmtpState.Connected)
    {
        _table = table ?? SmtpCommandTable.Standard;
        Commands = new SmtpCommandInput(this, _table);
    }

    /// <summary>What the client called itself; empty before HELO.</summary>
    public string HeloWord { get; private set; } = "";

    /// <summary>True after EHLO.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>Whom the client speaks as, or null.</summary>
    public Account? Account { get; private set; }

    /// <summary>The message under way; null outside of a transaction.</summary>
    public SmtpTransaction? Transaction { get; private set; }

    public override TimeSpan Patience => IsReceivingMessage ? Services.Limits.DataBlock : Services.Limits.SmtpIdle;

    /// <summary>The offer to take a password that EHLO made for this line; null when there is none.</summary>
    internal PasswordInput? Offer => Input as PasswordInput;

    /// <summary>Who asks the router.</summary>
    internal RouteClient RouteClient => new(Peer, Account);

    internal override SmtpReply BadCharacters => SmtpReplies.BadCharacters;

    protected override SmtpInput Commands { get; }

    protected override SmtpState Closed => SmtpState.Closed;

    protected override SmtpReply TooManyBadCommands => SmtpReplies.TooManyBadCommands(Hostname);

    private string Hostname => Services.Identity.Hostname;

    public override void Start(PipeWriter output) => Write(SmtpReplies.Greeting(Hostname), output);

    public override void OnTimeout(PipeWriter output) => Answer("?", SmtpReplies.IdleTooLong(Hostname), output);

    public override void OnShutdown(PipeWriter output) => Answer("?", SmtpReplies.ShuttingDown(Hostname), output);

    public override void OnFault(PipeWriter output) => Answer("?", SmtpReplies.InternalError(Hostname), output);

    public override async ValueTask DisposeAsync()
    {
        if (Transaction is { Receiver: { Refusal: null } receiver } transaction)
            Observer.MessageBrokenOff(receiver.Id, transaction.ReversePath, receiver.Octets);
        await ResetTransactionAsync();
    }

    internal override SmtpReply ReplyTo(FrameKind kind) => SmtpReplies.For(kind);

    internal override SmtpReply ReplyTo(StoreFault fault) => SmtpReplies.For(fault);

    internal override SmtpReply ResponseTooLong(int limit) => SmtpReplies.ResponseTooLong(limit);

    internal override ValueTask<SmtpReply> FinishLoginAsync(LoginOutcome login, CancellationToken cancellation)
    {
        if (login.Account is not { } account)
            return ValueTask.FromResult(SmtpReplies.For(login, Hostname));
        SpeakAs(account);
        return ValueTask.FromResult(SmtpReplies.LoggedIn(account.Name.Text));
    }

    /// <summary>A HELO or EHLO was accepted: the session starts anew, but for the login (RFC 5321 4.1.4).</summary>
    internal async ValueTask GreetAsync(string word, bool isExtended)
    {
        HeloWord = word;
        IsExtended = isExtended;
        await ResetTransactionAsync();
    }

    /// <summary>The client speaks as this account from now on, or as nobody.</summary>
    internal void SpeakAs(Account? account)
    {
        Account = account;
        if (account is not null)
            Observer.LoggedIn(account.Name.Text);
    }

    /// <summary>What the next line is when it may be the password of this account.</summary>
    internal PasswordInput OfferPassword(AccountName account) => new(this, _table, account);

    internal void BeginTransaction(string reversePath, MailParameters parameters) => Transaction = new(reversePath, parameters);

    /// <summary>Ends the transaction; what was written of a message that is not committed is dropped.</summary>
    internal async ValueTask ResetTransactionAsync()
    {
        var ended = Transaction;
        Transaction = null;
        if (ended is not null)
            await ended.DisposeAsync();
    }

    protected override void Forget()
    {
        HeloWord = "";
        IsExtended = false;
        Account = null;
    }

    protected override void Write(SmtpReply reply, PipeWriter output)
    {
        reply.WriteTo(output);
        for (var i = 0; Observer.WantsLines && i < reply.Lines.Count; i++)
            Observer.LineSent(reply.Format(i));
    }
}
