using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using MailServer.Core.Sessions;

namespace MailServer.Host.Tests;

/// <summary>
/// A session that answers every line with itself. Some lines do more: <c>quit</c> ends, <c>fault</c> throws,
/// <c>message</c> begins a message that <c>.</c> ends, <c>long</c> answers without end, <c>work</c> waits for the test.
/// </summary>
internal sealed class EchoSession(TimeSpan patience) : IProtocolSession
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposals;

    public SessionWants Wants { get; private set; }

    public TimeSpan Patience => patience;

    public long Progress { get; private set; }

    public bool IsReceivingMessage { get; private set; }

    /// <summary>One count for each call with octets that hold no whole line.</summary>
    public SemaphoreSlim SawPartOfLine { get; } = new(0);

    /// <summary>Ends the wait of the line <c>work</c>.</summary>
    public TaskCompletionSource WorkDone { get; } = new();

    /// <summary>Octets that were written but not flushed, as seen at the begin of each line.</summary>
    public List<long> Unflushed { get; } = [];

    /// <summary>Completes once the session has been freed, which must happen exactly once.</summary>
    public Task Disposed => _disposed.Task;

    public int Disposals => _disposals;

    public void Start(PipeWriter output) => Write("hello", output);

    public async ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation)
    {
        if (input.PositionOf((byte)'\n') is not { } end)
        {
            SawPartOfLine.Release();
            return input.Start;
        }

        Progress++;
        Unflushed.Add(output.UnflushedBytes);
        await RunAsync(Encoding.UTF8.GetString(input.Slice(0, end)), output, cancellation);
        return input.GetPosition(1, end);
    }

    public void OnTlsStarted() => throw new NotSupportedException();

    public void OnTimeout(PipeWriter output) => End("timeout", output);

    public void OnShutdown(PipeWriter output) => End("shutdown", output);

    public void OnFault(PipeWriter output) => End("sorry", output);

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _disposals);
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private async ValueTask RunAsync(string line, PipeWriter output, CancellationToken cancellation)
    {
        switch (line)
        {
            case "quit":
                End("bye", output);
                return;
            case "fault":
                throw new InvalidOperationException("a fault of ours");
            case "message" or ".":
                IsReceivingMessage = line == "message";
                break;
            case "work":
                await WorkDone.Task.WaitAsync(cancellation);
                break;
            case "long":
                while (true)
                {
                    output.Write(new byte[64 * 1024]);
                    await output.FlushAsync(cancellation);
                }
        }

        Write(line, output);
    }

    private void End(string line, PipeWriter output)
    {
        Wants = SessionWants.Close;
        Write(line, output);
    }

    private static void Write(string line, PipeWriter output) => Encoding.UTF8.GetBytes(line + "\n", output);
}
