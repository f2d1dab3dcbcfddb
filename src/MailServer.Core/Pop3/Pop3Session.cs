using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Protocol;

namespace MailServer.Core.Pop3;

/// <summary>A placeholder until the session lands.</summary>
public sealed class Pop3Session(SessionServices services, Peer peer, ISessionObserver observer) : IProtocolSession
{
    public SessionWants Wants => throw new NotSupportedException($"{services}{peer}{observer}");

    public TimeSpan Patience => throw new NotSupportedException();

    public long Progress => throw new NotSupportedException();

    public bool IsReceivingMessage => throw new NotSupportedException();

    public void Start(PipeWriter output) => throw new NotSupportedException();

    public ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation) => throw new NotSupportedException();

    public void OnTlsStarted() => throw new NotSupportedException();

    public void OnTimeout(PipeWriter output) => throw new NotSupportedException();

    public void OnShutdown(PipeWriter output) => throw new NotSupportedException();

    public void OnFault(PipeWriter output) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
