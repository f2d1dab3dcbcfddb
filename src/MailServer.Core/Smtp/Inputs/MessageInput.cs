using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Mail;

namespace MailServer.Core.Smtp.Inputs;

/// <summary>Message data comes next, in either form: dot-stuffed lines behind DATA, or a counted chunk behind BDAT.</summary>
internal abstract class MessageInput(SmtpSession session, MessageReceiver receiver) : SmtpInput
{
    // What counts as progress within a line that never ends.
    private const int ProgressBlock = 64 * 1024;

    private long _octets;

    internal override bool IsMessage => true;

    internal override long Progress => Lines + (_octets / ProgressBlock);

    protected MessageReceiver Receiver { get; } = receiver;

    protected abstract string Verb { get; }

    /// <summary>True when the message ends with this input.</summary>
    protected abstract bool EndsMessage { get; }

    protected virtual long Lines => 0;

    internal override bool Take(ReadOnlySequence<byte> octets, PipeWriter output, out SequencePosition consumed)
    {
        consumed = Decode(octets);
        _octets += octets.Slice(0, consumed).Length;
        return true;
    }

    internal override async ValueTask<SmtpOutcome?> RunAsync(CancellationToken cancellation)
    {
        await Receiver.FlushAsync(cancellation);
        if (!IsComplete)
            return null;
        if (EndsMessage)
            await Receiver.CommitAsync(cancellation);
        else if (Receiver.Refusal is null)
            return new(SmtpReplies.ChunkReceived(_octets)) { Verb = Verb, State = Row!.Intermediate };
        return await EndAsync();
    }

    internal override async ValueTask<SmtpOutcome?> FailAsync(StoreFault fault)
    {
        Receiver.Refuse(SmtpReplies.For(fault));
        if (!IsComplete)
            return null;
        return await EndAsync();
    }

    /// <summary>Takes as much as belongs to the data, and returns the position behind it.</summary>
    protected abstract SequencePosition Decode(ReadOnlySequence<byte> octets);

    // Ends the transaction with the reply to its message.
    private async ValueTask<SmtpOutcome> EndAsync()
    {
        var transaction = session.Transaction!;
        if (Receiver.Refusal is null)
        {
            session.Observer.MessageStored(Receiver.Id, transaction.ReversePath, transaction.Accounts.Select(account => account.Name), Receiver.Octets, session.Account?.Name);
        }

        await session.ResetTransactionAsync();
        return new(Receiver.Refusal ?? SmtpReplies.MessageStored(Receiver.Id)) { Verb = Verb, State = Row!.Completed };
    }
}
