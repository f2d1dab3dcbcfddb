using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Sessions;

namespace MailServer.Host.Tests;

/// <summary>A session that may throw at each call of its connection.</summary>
/// <param name="onCall">Called before each call; what it throws is what the session throws.</param>
internal sealed class FaultySession(IProtocolSession session, Action onCall) : IProtocolSession
{
    public SessionWants Wants => Called().Wants;

    public TimeSpan Patience => Called().Patience;

    public long Progress => Called().Progress;

    public bool IsReceivingMessage => Called().IsReceivingMessage;

    public void Start(PipeWriter output) => Called().Start(output);

    public ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation) =>
        Called().ReceiveAsync(input, output, cancellation);

    public void OnTlsStarted() => Called().OnTlsStarted();

    public void OnTimeout(PipeWriter output) => Called().OnTimeout(output);

    public void OnShutdown(PipeWriter output) => Called().OnShutdown(output);

    public void OnFault(PipeWriter output) => Called().OnFault(output);

    public ValueTask DisposeAsync() => Called().DisposeAsync();

    private IProtocolSession Called()
    {
        onCall();
        return session;
    }
}
