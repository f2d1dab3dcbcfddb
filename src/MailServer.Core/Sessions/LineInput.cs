using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Mail;
using MailServer.Core.Wire;

namespace MailServer.Core.Sessions;

/// <summary>An input that ends with one line: a command, or a SASL response.</summary>
public abstract class LineInput<TState, TReply>(ProtocolSession<TState, TReply> session) : SessionInput<TState, TReply>
    where TState : struct, Enum
    where TReply : class, IReply
{
    private Frame _frame;
    private int _limit;

    protected ProtocolSession<TState, TReply> Session { get; } = session;

    internal override bool Take(ReadOnlySequence<byte> octets, PipeWriter output, out SequencePosition consumed)
    {
        _limit = LimitOf(octets);
        _frame = Session.Lines.Next(octets, _limit, output);
        consumed = _frame.Kind is FrameKind.Incomplete or FrameKind.Line or FrameKind.TooLong ? _frame.Consumed : octets.End;
        return _frame.Kind != FrameKind.Incomplete;
    }

    internal override ValueTask<Outcome<TState, TReply>?> RunAsync(CancellationToken cancellation)
    {
        var frame = _frame;
        _frame = default;
        return frame.Kind switch
        {
            FrameKind.Line => RunLineAsync(frame.Line, cancellation),
            FrameKind.TooLong => ValueTask.FromResult<Outcome<TState, TReply>?>(RefuseTooLong(_limit)),
            _ => ValueTask.FromResult<Outcome<TState, TReply>?>(Session.ReplyTo(frame.Kind)),
        };
    }

    /// <summary>True when the line that was taken is over its limit.</summary>
    protected bool IsTooLong => _frame.Kind == FrameKind.TooLong;

    /// <summary>Octets that a line may have, its end included.</summary>
    protected abstract int LimitOf(ReadOnlySequence<byte> octets);

    /// <summary>What a line over the limit leads to; none of it was kept.</summary>
    protected abstract Outcome<TState, TReply> RefuseTooLong(int limit);

    /// <param name="octets">The line without its end.</param>
    /// <exception cref="StoreFault">The store failed.</exception>
    protected abstract ValueTask<Outcome<TState, TReply>?> RunLineAsync(ReadOnlySequence<byte> octets, CancellationToken cancellation);
}
