using System.Runtime.InteropServices;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary><c>serve</c>: runs both servers until a signal asks for the end. A second Ctrl+C does not wait.</summary>
internal static class ServeCommand
{
    // A supervisor may signal the process and its group: that is one request, not two.
    private static readonly TimeSpan OneRequest = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(ServerSettings settings)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0L;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        await using var servers = await Composition.StartAsync(settings, TimeProvider.System, isAtTerminal: !Console.IsOutputRedirected);
        await signal.Task;
        return ExitCode.Done;

        // To cancel a signal is to keep the system from ending the process.
        void OnSignal(PosixSignalContext context)
        {
            var isFirst = Interlocked.CompareExchange(ref asked, TimeProvider.System.GetTimestamp(), 0) == 0;
            context.Cancel = isFirst || context.Signal == PosixSignal.SIGTERM || TimeProvider.System.GetElapsedTime(asked) < OneRequest;
            signal.TrySetResult();
        }
    }
}
