using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp.Commands;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp.Inputs;

/// <summary>A command line of SMTP comes next.</summary>
internal class SmtpCommandInput(SmtpSession session, CommandTable<SmtpCommand, SmtpState> table)
    : CommandInput<SmtpSession, SmtpCommand, SmtpState, SmtpReply>(session, table)
{
    private bool _isUnreadableChunk;

    internal override bool Take(ReadOnlySequence<byte> octets, PipeWriter output, out SequencePosition consumed)
    {
        var hasLine = base.Take(octets, output, out consumed);
        // The line is over its limit, or part of such a line was skipped.
        var isDropped = hasLine ? IsTooLong : !consumed.Equals(octets.Start);
        if (!isDropped || !BdatCommand.IsMeantIn(octets))
            return hasLine;

        // How many octets follow a BDAT whose line cannot be read is not known, and none of them may be taken for a command.
        _isUnreadableChunk = true;
        consumed = octets.End;
        return true;
    }

    internal override ValueTask<SmtpOutcome?> RunAsync(CancellationToken cancellation) =>
        _isUnreadableChunk ? ValueTask.FromResult<SmtpOutcome?>(BadChunk) : base.RunAsync(cancellation);

    protected override string? Decode(ReadOnlySequence<byte> line) => base.Decode(line) ?? GreetingWord.TryDecode(line);

    protected override SmtpOutcome RefuseTooLong(int limit) => SmtpReplies.LineTooLong(limit);

    protected override SmtpOutcome RefuseUnreadable(ReadOnlySequence<byte> line) => BdatCommand.IsMeantIn(line) ? BadChunk : SmtpReplies.BadCharacters;

    protected override SmtpReply OutOfOrder(SmtpCommand command) => SmtpReplies.OutOfOrder(Session.State, command.Verb);

    protected override SmtpReply BadArgument(SmtpCommand command) => SmtpReplies.BadArgument(command.Usage);

    protected override ValueTask<SmtpOutcome> RunUnknownAsync(ReadOnlySequence<byte> octets, string line, CancellationToken cancellation)
    {
        if (BdatCommand.IsMeantIn(octets))
            return ValueTask.FromResult(BadChunk);
        var verb = CommandText.Split(line).Verb;
        if (Session.State == SmtpState.Connected && CommandText.IsHttpRequest(line))
            return ValueTask.FromResult<SmtpOutcome>(SmtpReplies.NotHttp);
        if (VerbTypos.IsForeign(verb))
            return ValueTask.FromResult<SmtpOutcome>(SmtpReplies.NotImplemented(verb.ToUpperInvariant()));
        if (CommandText.IsPop3Verb(verb))
            return ValueTask.FromResult<SmtpOutcome>(SmtpReplies.CommandOfPop3(verb.ToUpperInvariant()));
        return RunUnknownAsync(line, cancellation);
    }

    /// <summary>A line that begins with no verb of any mail protocol.</summary>
    protected virtual ValueTask<SmtpOutcome> RunUnknownAsync(string line, CancellationToken cancellation) =>
        ValueTask.FromResult<SmtpOutcome>(SmtpReplies.UnknownCommand);

    private static SmtpOutcome BadChunk => new(SmtpReplies.BadChunk) { Verb = "BDAT" };
}
