using System.Runtime.InteropServices;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary><c>serve</c>: runs both servers until a signal asks for the end; a second signal does not wait.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(ServerSettings settings)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        await using var servers = await Composition.StartAsync(settings, TimeProvider.System);
        await signal.Task;
        return ExitCode.Done;

        // To cancel a signal is to keep the system from ending the process.
        void OnSignal(PosixSignalContext context) => context.Cancel = signal.TrySetResult();
    }
}
