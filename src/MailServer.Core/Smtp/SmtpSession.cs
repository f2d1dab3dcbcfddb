using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Protocol;
using MailServer.Core.Protocol.Sasl;
using MailServer.Core.Smtp.Commands;

namespace MailServer.Core.Smtp;

/// <summary>One SMTP conversation (RFC 5321): frames a line, looks it up, runs it, moves the state, writes the reply.</summary>
public sealed class SmtpSession : IProtocolSession
{
    private readonly LineReader _lineReader;
    private TextSource? _source;
    private TextIntake? _intake;
    private SmtpState _stateBeforeDrain;
    private bool _wantsTls;
    private int _badCommands;
    private long _lines;

    public SmtpSession(SessionServices services, Peer peer, ISessionObserver observer)
    {
        Services = services;
        Peer = peer;
        Observer = observer;
        _lineReader = new(peer, services.Limits.UnendedLine);
        Login = new(this);
    }

    public SessionServices Services { get; }

    public Peer Peer { get; }

    public SmtpState State { get; private set; } = SmtpState.Connected;

    public bool IsEncrypted => _lineReader.IsEncrypted;

    /// <summary>True when passwords may cross this connection: it is encrypted, or ends on this machine, or a setting says so.</summary>
    public bool MayLogIn => IsEncrypted || Peer.IsLoopback || Services.AuthWithoutTls;

    /// <summary>What the client called itself; empty before HELO.</summary>
    public string HeloWord { get; private set; } = "";

    /// <summary>True after EHLO.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>Who the client is, and how it shows that.</summary>
    public SmtpLogin Login { get; }

    /// <summary>Whom the client speaks as, or null.</summary>
    public Account? Account => Login.Account;

    /// <summary>The message under way; null outside of a transaction.</summary>
    public SmtpTransaction? Transaction { get; private set; }

    public SessionWants Wants => _wantsTls ? SessionWants.TlsHandshake : State == SmtpState.Closed ? SessionWants.Close : SessionWants.Input;

    public TimeSpan Patience => IsReceivingMessage ? Services.Limits.DataBlock : Services.Limits.SmtpIdle;

    public long Progress => _lines + (_source?.Progress ?? 0);

    public bool IsReceivingMessage => _source is not null;

    internal ISessionObserver Observer { get; }

    private string Hostname => Services.Identity.Hostname;

    public void Start(PipeWriter output) => Write(SmtpReplies.Greeting(Hostname), output);

    public ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation) =>
        _source is { } source ? ReceiveTextAsync(source, input, output, cancellation) : ReceiveLineAsync(input, output, cancellation);

    /// <summary>Nothing that was said in clear counts any more (RFC 3207 4.2).</summary>
    public void OnTlsStarted()
    {
        _wantsTls = false;
        HeloWord = "";
        IsExtended = false;
        Login.Forget();
        _lineReader.OnTlsStarted();
    }

    public void OnTimeout(PipeWriter output) => Answer("?", SmtpReplies.IdleTooLong(Hostname), output);

    public void OnShutdown(PipeWriter output) => Answer("?", SmtpReplies.ShuttingDown(Hostname), output);

    public void OnFault(PipeWriter output) => Answer("?", SmtpReplies.InternalError(Hostname), output);

    public async ValueTask DisposeAsync() => await ResetTransactionAsync();

    /// <summary>A HELO or EHLO was taken: the session starts anew, but for the login (RFC 5321 4.1.4).</summary>
    internal async ValueTask GreetAsync(string word, bool isExtended)
    {
        HeloWord = word;
        IsExtended = isExtended;
        await ResetTransactionAsync();
    }

    internal void BeginTransaction(string reversePath, bool isInternational) => Transaction = new(reversePath, isInternational);

    /// <summary>Ends the transaction and drops what was written of its message.</summary>
    internal async ValueTask ResetTransactionAsync()
    {
        var ended = Transaction;
        Transaction = null;
        if (ended is not null)
            await ended.DisposeAsync();
    }

    /// <summary>The text of the transaction's message comes next, ended by a dot.</summary>
    internal void BeginText() => Begin(new StuffedText(_lineReader.Ending, Services.BareLineFeed), Transaction!.OpenText(this));

    /// <summary>A chunk of the transaction's message comes next.</summary>
    internal void BeginChunk(long size, bool isLast) => Begin(new CountedText(size, isLast, Transaction!.Chunks, Services.BareLineFeed), Transaction.OpenText(this));

    /// <summary>A chunk that is refused must be read all the same, or its octets would be taken for commands.</summary>
    internal void BeginDrain(long size, SmtpReply refusal)
    {
        _stateBeforeDrain = State;
        Begin(new CountedText(size, isLast: false, decoder: null, Services.BareLineFeed), TextIntake.Drain(refusal, Services.Limits, Observer));
    }

    internal void RequestTls() => _wantsTls = true;

    private void Begin(TextSource source, TextIntake intake) => (_source, _intake) = (source, intake);

    private async ValueTask<SequencePosition> ReceiveLineAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation)
    {
        var limit = LineLimit(input);
        var frame = _lineReader.Next(input, limit, output);
        var isDropped = frame.Kind == FrameKind.TooLong || (frame.Kind == FrameKind.Incomplete && !frame.Consumed.Equals(input.Start));
        if (isDropped && IsUnreadableBdat(input, output))
            return input.End;
        if (frame.Kind == FrameKind.Incomplete)
            return frame.Consumed;

        _lines++;
        switch (frame.Kind)
        {
            case FrameKind.Line:
                await RunLineAsync(frame.Line, output, cancellation);
                // An empty chunk is complete before any octet of it comes.
                if (_source is { IsComplete: true } source)
                    await ReceiveTextAsync(source, ReadOnlySequence<byte>.Empty, output, cancellation);
                return frame.Consumed;
            case FrameKind.TooLong:
                var tooLong = State == SmtpState.Authenticating ? SmtpReplies.ResponseTooLong(limit) : SmtpReplies.LineTooLong(limit);
                TakeExpectation();
                Answer("?", tooLong, output);
                return frame.Consumed;
            default:
                Answer("?", SmtpReplies.For(frame.Kind), output);
                return input.End;
        }
    }

    // How many octets follow a BDAT whose line cannot be read is not known, and none of them may be taken for a command.
    private bool IsUnreadableBdat(ReadOnlySequence<byte> line, PipeWriter output)
    {
        if (State == SmtpState.Authenticating || !BdatCommand.IsMeantIn(line))
            return false;
        Answer("BDAT", SmtpReplies.BadChunk, output);
        return true;
    }

    private int LineLimit(ReadOnlySequence<byte> input) =>
        State == SmtpState.Authenticating || CommandText.StartsWithVerb(input, "AUTH"u8)
            ? Services.Limits.AuthLine
            : Services.Limits.CommandLine;

    private async ValueTask RunLineAsync(ReadOnlySequence<byte> octets, PipeWriter output, CancellationToken cancellation)
    {
        var (offer, exchange) = TakeExpectation();
        if ((_lineReader.TryDecode(octets) ?? GreetingWord.TryDecode(octets)) is not { } line)
        {
            if (!IsUnreadableBdat(octets, output))
                Answer("?", SmtpReplies.BadCharacters, output);
            return;
        }

        var (verb, argument) = CommandText.Split(line);
        var command = exchange is null && SmtpCommandTable.For(verb) is [var row, ..] ? row.Command : null;
        if (Observer.WantsLines)
            Observer.LineReceived(command is null ? CommandText.Mask : command.Mask(line));

        try
        {
            if (exchange is not null)
                await RunResponseAsync(exchange, line, output, cancellation);
            else if (command is not null && (offer is null || command is not PassCommand))
                await RunCommandAsync(command, argument, output, cancellation);
            else if (command is null && BdatCommand.IsMeantIn(octets))
                Answer("BDAT", SmtpReplies.BadChunk, output);
            else if (command is null && ClassicGreeting.RefuseUnknown(this, verb, line, offer) is { } refusal)
                Answer("?", refusal, output);
            else
                Answer("PASS", await ClassicGreeting.TakePasswordAsync(this, offer!.Account, command is null ? line : argument, cancellation), output);
        }
        catch (StoreFault fault)
        {
            Observer.StoreFailed(fault);
            Answer(command?.Verb ?? "?", SmtpReplies.For(fault), output);
        }
    }

    private async ValueTask RunCommandAsync(SmtpCommand command, string argument, PipeWriter output, CancellationToken cancellation)
    {
        var row = SmtpCommandTable.For(command.Verb, State);
        var reply = row is null
            ? command.Refuse(this, argument, SmtpReplies.OutOfOrder(State, command.Verb))
            : await command.ExecuteAsync(this, argument, cancellation);
        Move(row ?? SmtpCommandTable.For(command.Verb)[0], reply);
        if (reply is not null)
            Answer(command.Verb, reply, output);
    }

    private async ValueTask RunResponseAsync(ISaslExchange exchange, string line, PipeWriter output, CancellationToken cancellation)
    {
        var reply = await Login.RespondAsync(exchange, line, cancellation);
        Move(SmtpCommandTable.For("AUTH")[0], reply);
        Answer("AUTH", reply, output);
    }

    private void Move(SmtpRow row, SmtpReply? reply)
    {
        if (reply is null or { IsIntermediate: true })
            State = row.Intermediate!.Value;
        else if (reply.IsPositive)
            State = row.Next ?? State;
    }

    // What this line may be besides a command: a password that was offered to be taken, or a SASL response.
    private (PasswordOffer? Offer, ISaslExchange? Exchange) TakeExpectation()
    {
        if (State == SmtpState.Authenticating)
            State = SmtpState.Ready;
        return Login.TakeExpectation();
    }

    private async ValueTask<SequencePosition> ReceiveTextAsync(TextSource source, ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation)
    {
        var consumed = source.Take(input, _intake!);
        await _intake!.FlushAsync(cancellation);
        if (source.IsComplete)
            await FinishTextAsync(source, output, cancellation);
        return consumed;
    }

    private async ValueTask FinishTextAsync(TextSource source, PipeWriter output, CancellationToken cancellation)
    {
        var intake = _intake!;
        _lines += source.Progress + 1;
        (_source, _intake) = (null, null);
        if (Transaction is not { } transaction || transaction.Text != intake)
        {
            State = _stateBeforeDrain;
            Answer(source.Verb, intake.Refusal!, output);
            return;
        }

        if (source.EndsText)
            await intake.CommitAsync(cancellation);
        if (!source.EndsText && intake.Refusal is null)
        {
            State = SmtpState.BetweenChunks;
            Answer(source.Verb, SmtpReplies.ChunkTaken, output);
            return;
        }

        if (intake.Refusal is null)
            Observer.MessageStored(intake.Id, transaction.ReversePath, transaction.Recipients.Select(recipient => recipient.Name), intake.Octets, Account?.Name);
        State = SmtpState.Ready;
        await ResetTransactionAsync();
        Answer(source.Verb, intake.Refusal ?? SmtpReplies.MessageStored(intake.Id), output);
    }

    // Writes an answer, unless too many bad commands came in a row.
    private void Answer(string verb, SmtpReply reply, PipeWriter output)
    {
        // A challenge (334) is no command carried out: it must not forgive the refusals that come with it in turn.
        if (reply is { IsPositive: true, IsIntermediate: false })
            _badCommands = 0;
        else if (reply.IsBadCommand && ++_badCommands > Services.Limits.BadCommands)
            reply = SmtpReplies.TooManyBadCommands(Hostname);
        if (!reply.IsPositive)
            Observer.Refused(verb, reply.Format(0));
        if (reply.Ends)
            State = SmtpState.Closed;
        Write(reply, output);
    }

    private void Write(SmtpReply reply, PipeWriter output)
    {
        reply.WriteTo(output);
        for (var i = 0; Observer.WantsLines && i < reply.Lines.Count; i++)
            Observer.LineSent(reply.Format(i));
    }
}
