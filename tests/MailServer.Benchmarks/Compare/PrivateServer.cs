using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServer.Benchmarks.Compare;

/// <summary>A server that the comparison started for itself, with directories and ports of its own, and ends again.</summary>
internal abstract class PrivateServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);
    private readonly StringBuilder _words = new();

    /// <summary>What the table calls it, with its version.</summary>
    public abstract string Name { get; }

    /// <summary>The first of its processes.</summary>
    public int Pid => Process!.Id;

    protected Process? Process { get; set; }

    /// <summary>Asks for the end and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Process is not { } process)
            return;
        if (!process.HasExited)
            await StopAsync();
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    /// <summary>Asks for the end.</summary>
    protected virtual Task StopAsync() => CommandRun.TryOutputAsync("kill", "-TERM", Pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>A loopback endpoint that nobody uses.</summary>
    protected static IPEndPoint FreeEndPoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Starts the server's first process; it is running when all the endpoints take connections.</summary>
    protected async Task StartAsync(string file, string[] arguments, params IPEndPoint[] endPoints)
    {
        Process = CommandRun.Start(file, arguments);
        Process.OutputDataReceived += (_, line) => Heard(line.Data);
        Process.ErrorDataReceived += (_, line) => Heard(line.Data);
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
        var start = Stopwatch.GetTimestamp();
        foreach (var endPoint in endPoints)
        {
            while (!await AnswersAsync(endPoint))
            {
                if (Process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
                    throw new CompareFault($"{Name} does not run: {string.Join(' ', [file, .. arguments])} said: {_words}");
                await Task.Delay(Between, TimeProvider.System);
            }
        }
    }

    // Enough to say why it did not start.
    private void Heard(string? line)
    {
        lock (_words)
        {
            if (line is not null && _words.Length < 4096)
                _words.AppendLine(line);
        }
    }

    private static async Task<bool> AnswersAsync(IPEndPoint endPoint)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint);
            return await socket.ReceiveAsync(new byte[256]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
