using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Mail;

namespace MailServer.Core.Smtp.Inputs;

/// <summary>The octets of a chunk that was refused: they come all the same, and none of them may be taken for a command (RFC 3030 2).</summary>
internal sealed class DiscardInput(long size, string verb, SmtpReply refusal) : SmtpInput
{
    // What counts as progress.
    private const int ProgressBlock = 64 * 1024;

    private long _left = size;
    private long _taken;

    internal override bool IsComplete => _left == 0;

    internal override bool IsMessage => true;

    internal override long Progress => _taken / ProgressBlock;

    internal override bool Take(ReadOnlySequence<byte> octets, PipeWriter output, out SequencePosition consumed)
    {
        var taken = octets.Slice(0, Math.Min(_left, octets.Length));
        _left -= taken.Length;
        _taken += taken.Length;
        consumed = taken.End;
        return IsComplete;
    }

    internal override ValueTask<SmtpOutcome?> RunAsync(CancellationToken cancellation) =>
        ValueTask.FromResult<SmtpOutcome?>(new(refusal) { Verb = verb });

    internal override ValueTask<SmtpOutcome?> FailAsync(StoreFault fault) => RunAsync(CancellationToken.None);
}
