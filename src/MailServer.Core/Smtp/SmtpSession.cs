using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Protocol;

namespace MailServer.Core.Smtp;

/// <summary>One SMTP conversation (RFC 5321): frames a line, looks it up, runs it, moves the state, writes the reply.</summary>
public sealed class SmtpSession : IProtocolSession
{
    // The first octet of a TLS handshake record (RFC 8446 5.1).
    private const byte TlsHandshake = 0x16;

    // What counts as progress within a line of text that never ends.
    private const int ProgressBlock = 64 * 1024;

    private readonly ISessionObserver _observer;
    private readonly LineFramer _framer;
    private readonly LoginAttempts _logins;
    private DotDecoder? _decoder;
    private AccountName? _offer;
    private int _badCommands;
    private long _lines;

    public SmtpSession(SessionServices services, Peer peer, ISessionObserver observer)
    {
        Services = services;
        Peer = peer;
        _observer = observer;
        _framer = new(peer.IsLoopback, services.Limits.UnendedLine);
        _logins = new(services.Clock, services.Limits.FailedLogins);
    }

    public SessionServices Services { get; }

    public Peer Peer { get; }

    public SmtpState State { get; private set; } = SmtpState.Connected;

    /// <summary>What the client called itself; empty before HELO.</summary>
    public string HeloWord { get; private set; } = "";

    /// <summary>True after EHLO.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>Whom the client speaks as, or null.</summary>
    public Account? Account { get; private set; }

    /// <summary>The message under way; null outside of a transaction.</summary>
    public SmtpTransaction? Transaction { get; private set; }

    public SessionWants Wants => State == SmtpState.Closed ? SessionWants.Close : SessionWants.Input;

    public TimeSpan Patience => State == SmtpState.Text ? Services.Limits.DataBlock : Services.Limits.SmtpIdle;

    public long Progress => _lines + (_decoder?.Lines ?? 0) + (Transaction?.Text?.Octets / ProgressBlock ?? 0);

    public bool IsReceivingMessage => State == SmtpState.Text;

    private string Hostname => Services.Identity.Hostname;

    public void Start(PipeWriter output) => Write(SmtpReplies.Greeting(Hostname), output);

    public ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation) =>
        State == SmtpState.Text ? ReceiveTextAsync(input, output, cancellation) : ReceiveLineAsync(input, output, cancellation);

    public void OnTlsStarted() => throw new NotSupportedException();

    public void OnTimeout(PipeWriter output) => Close(SmtpReplies.IdleTooLong(Hostname), output);

    public void OnShutdown(PipeWriter output) => Close(SmtpReplies.ShuttingDown(Hostname), output);

    public void OnFault(PipeWriter output) => Close(SmtpReplies.InternalError(Hostname), output);

    public async ValueTask DisposeAsync() => await ResetTransactionAsync();

    /// <summary>A HELO or EHLO was taken: the session starts anew, but for the login (RFC 5321 4.1.4).</summary>
    internal async ValueTask GreetAsync(string word, bool isExtended)
    {
        HeloWord = word;
        IsExtended = isExtended;
        await ResetTransactionAsync();
    }

    /// <summary>The next line that is no verb is the password of this account (the classic conversation).</summary>
    internal void OfferPassword(AccountName account) => _offer = account;

    /// <summary>The client speaks as this account from now on, or as nobody.</summary>
    internal void SpeakAs(Account? account)
    {
        Account = account;
        if (account is not null)
            _observer.LoggedIn(account.Name.Text);
    }

    internal void ReportCreated(Account account) => _observer.AccountCreated(account.Name.Text);

    /// <summary>A login failed: waits, and says so or ends the session.</summary>
    internal async ValueTask<SmtpReply> RefuseLoginAsync(AccountName account, CancellationToken cancellation)
    {
        _observer.LoginRefused(account.Text);
        return await _logins.FailAsync(cancellation) ? SmtpReplies.TooManyFailedLogins(Hostname) : SmtpReplies.LoginRefused;
    }

    internal void BeginTransaction(string reversePath) => Transaction = new(reversePath);

    /// <summary>Ends the transaction and drops what was written of its message.</summary>
    internal async ValueTask ResetTransactionAsync()
    {
        var ended = Transaction;
        Transaction = null;
        _decoder = null;
        if (ended is not null)
            await ended.DisposeAsync();
    }

    /// <summary>The text of the transaction's message comes next.</summary>
    internal void BeginText()
    {
        var transaction = Transaction!;
        var id = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8));
        var envelope = new Envelope(transaction.ReversePath, transaction.Recipients, Services.Clock.GetUtcNow());
        var protocol = (IsExtended ? "ESMTP" : "SMTP") + (Peer.IsEncrypted ? "S" : "") + (Account is null ? "" : "A");
        var header = TraceHeader.Format(
            envelope,
            new Arrival(HeloWord, Peer.Address, protocol, id),
            Hostname,
            transaction.Recipients.Count == 1 ? transaction.FirstForwardPath : null);
        transaction.Text = new(Services.Mail.Begin(envelope), id, header, Services.Limits);
        _decoder = new(_framer.Ending);
    }

    private async ValueTask<SequencePosition> ReceiveLineAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation)
    {
        if (_framer.Ending == LineEnding.Unknown && input.FirstSpan is [TlsHandshake, ..])
        {
            Close(SmtpReplies.NotTls, output);
            return input.End;
        }

        var frame = _framer.Next(input, Services.Limits.CommandLine);
        if (frame.Kind == FrameKind.Incomplete)
            return frame.Consumed;

        _lines++;
        switch (frame.Kind)
        {
            case FrameKind.Line:
                await RunLineAsync(frame.Line, output, cancellation);
                return frame.Consumed;
            case FrameKind.TooLong:
                _offer = null;
                Answer("?", SmtpReplies.LineTooLong(Services.Limits.CommandLine), output);
                return frame.Consumed;
            default:
                Close(frame.Kind == FrameKind.Unended ? SmtpReplies.LineEndless : SmtpReplies.BareLineFeedRefused, output);
                return input.End;
        }
    }

    private async ValueTask RunLineAsync(ReadOnlySequence<byte> octets, PipeWriter output, CancellationToken cancellation)
    {
        var offer = _offer;
        _offer = null;
        if (CommandText.TryDecode(octets) is not { } line)
        {
            Answer("?", SmtpReplies.BadCharacters, output);
            return;
        }

        var (verb, argument) = CommandText.Split(line);
        var isKnown = !SmtpCommandTable.For(verb).IsEmpty;
        if (State == SmtpState.Connected && CommandText.IsHttpVerb(verb))
        {
            Close(SmtpReplies.NotHttp, output);
            return;
        }

        // What is no verb is not shown: it may be a password, or a misspelt PASS.
        if (_observer.WantsLines)
            _observer.LineReceived(!isKnown ? "***" : verb.Equals("PASS", StringComparison.OrdinalIgnoreCase) ? "PASS ***" : line);

        try
        {
            if (offer is not null && (!isKnown || verb.Equals("PASS", StringComparison.OrdinalIgnoreCase)))
                Answer("PASS", await ClassicGreeting.TakePasswordAsync(this, offer, isKnown ? argument : line, cancellation), output);
            else if (!isKnown)
                Answer("?", SmtpReplies.UnknownCommand, output);
            else
                await RunCommandAsync(verb.ToUpperInvariant(), argument, output, cancellation);
        }
        catch (StoreFault fault)
        {
            _observer.StoreFailed(fault);
            Answer(verb, SmtpReplies.For(fault), output);
        }
    }

    private async ValueTask RunCommandAsync(string verb, string argument, PipeWriter output, CancellationToken cancellation)
    {
        if (SmtpCommandTable.For(verb, State) is not { } row)
        {
            Answer(verb, SmtpReplies.OutOfOrder(State, verb), output);
            return;
        }

        var reply = await row.Command.ExecuteAsync(this, argument, cancellation);
        if (reply.IsPositive && row.Next is { } next)
            State = next;
        Answer(verb, reply, output);
    }

    private async ValueTask<SequencePosition> ReceiveTextAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation)
    {
        var (transaction, decoder) = (Transaction!, _decoder!);
        var text = transaction.Text!;
        var consumed = decoder.Decode(input, text);
        try
        {
            if (decoder.SawBareCarriageReturn)
                text.Refuse(SmtpReplies.BareCarriageReturnInText);
            if (decoder.SawBareLineFeed && Services.BareLineFeed == BareLineFeed.Reject)
                text.Refuse(SmtpReplies.BareLineFeedInText);
            await text.FlushAsync(cancellation);
            if (!decoder.IsComplete)
                return consumed;
            if (text.Refusal is null)
                await text.CommitAsync(cancellation);
        }
        catch (StoreFault fault)
        {
            _observer.StoreFailed(fault);
            text.Refuse(SmtpReplies.For(fault));
            if (!decoder.IsComplete)
                return consumed;
        }

        if (text.Refusal is null)
            _observer.MessageStored(transaction.ReversePath, transaction.Recipients.Count, text.Octets);
        _lines += decoder.Lines + 1 + (text.Octets / ProgressBlock);
        State = SmtpState.Ready;
        await ResetTransactionAsync();
        Answer("DATA", text.Refusal ?? SmtpReplies.MessageStored(text.Id), output);
        return consumed;
    }

    // Writes the answer to a command, unless too many bad ones came in a row.
    private void Answer(string verb, SmtpReply reply, PipeWriter output)
    {
        if (reply.IsPositive)
            _badCommands = 0;
        else if (reply.IsBadCommand && ++_badCommands > Services.Limits.BadCommands)
            reply = SmtpReplies.TooManyBadCommands(Hostname);
        if (!reply.IsPositive)
            _observer.Refused(verb, reply.Format(0));
        if (reply.IsClosing)
            State = SmtpState.Closed;
        Write(reply, output);
    }

    private void Close(SmtpReply reply, PipeWriter output)
    {
        State = SmtpState.Closed;
        _observer.Refused("?", reply.Format(0));
        Write(reply, output);
    }

    private void Write(SmtpReply reply, PipeWriter output)
    {
        reply.WriteTo(output);
        for (var i = 0; _observer.WantsLines && i < reply.Lines.Count; i++)
            _observer.LineSent(reply.Format(i));
    }
}
