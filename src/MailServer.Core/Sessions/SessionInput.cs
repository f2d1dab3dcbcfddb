using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Mail;

namespace MailServer.Core.Sessions;

/// <summary>
/// What the octets that come next are: a command line, a SASL response, message data, a chunk, or octets to discard.
/// A session has exactly one input at a time, and feeds it.
/// </summary>
public abstract class SessionInput<TState, TReply>
    where TState : struct, Enum
    where TReply : class, IReply
{
    /// <summary>The row of the command that asked for these octets; null where none did, and then their end moves no state.</summary>
    internal CommandRow<TState>? Row { get; set; }

    /// <summary>True when the input is complete already (an empty chunk). It is run once then, with an empty buffer.</summary>
    internal virtual bool IsComplete => false;

    /// <summary>True while a message comes in, which a shutdown lets finish.</summary>
    internal virtual bool IsMessage => false;

    /// <summary>Lines and blocks of this input so far.</summary>
    internal virtual long Progress => 0;

    /// <summary>Takes the octets at the start of <paramref name="octets"/> that belong to this input.</summary>
    /// <param name="output">For what must be answered at once within a line (telnet).</param>
    /// <returns>True when <see cref="RunAsync"/> has something to do; false when more octets are needed.</returns>
    internal abstract bool Take(ReadOnlySequence<byte> octets, PipeWriter output, out SequencePosition consumed);

    /// <summary>Acts on what was taken. Null when the input goes on.</summary>
    /// <exception cref="StoreFault">The store failed; <see cref="FailAsync"/> follows.</exception>
    internal abstract ValueTask<Outcome<TState, TReply>?> RunAsync(CancellationToken cancellation);

    /// <summary>What a fault of the store in <see cref="RunAsync"/> leads to. Null when the input goes on, to be refused at its end.</summary>
    internal abstract ValueTask<Outcome<TState, TReply>?> FailAsync(StoreFault fault);
}
