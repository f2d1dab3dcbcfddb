using System.Runtime.InteropServices;

namespace MailServer.Cli;

/// <summary>Turns the first SIGINT or SIGTERM into a cancellation, so that a long command can say how far it came; the second ends it.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // To cancel a signal is to keep the system from ending the process.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
