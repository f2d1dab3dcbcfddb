using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace MailServer.Host.Tests.Torture;

/// <summary>
/// The program as a process of its own, so that its memory and files can be looked at from outside. It listens on four
/// ports, two of them with TLS.
/// </summary>
internal sealed class TortureServer : IDisposable
{
    private readonly ProgramProcess _program;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentDictionary<string, IPEndPoint> _endPoints = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _nextLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private TortureServer(ProgramProcess program)
    {
        _program = program;
        _reading = ReadOutputAsync();
    }

    public IPEndPoint Smtp => _endPoints["SMTP"];

    public IPEndPoint SmtpTls => _endPoints["SMTP with TLS"];

    public IPEndPoint Pop3 => _endPoints["POP3"];

    public IPEndPoint Pop3Tls => _endPoints["POP3 with TLS"];

    public int Id => _program.Process.Id;

    /// <summary>What the console shows so far.</summary>
    public string Output => string.Join('\n', _output);

    public bool HasExited => _program.Process.HasExited;

    /// <summary>Memory in use now, in octets.</summary>
    public long Resident => Status("VmRSS");

    /// <summary>The most memory that was ever in use, in octets.</summary>
    public long PeakResident => Status("VmHWM");

    /// <summary>Time on the processor so far, which a busy machine does not lengthen.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // Nanoseconds are the first number of every thread's line.
            var lines = Directory.GetDirectories($"/proc/{Id}/task").Select(task => File.ReadAllText(Path.Combine(task, "schedstat")));
            return TimeSpan.FromTicks(lines.Sum(line => long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)) / 100);
        }
    }

    /// <summary>Descriptors that are open now, of files and sockets.</summary>
    public (int Files, int Sockets) Descriptors
    {
        get
        {
            var sockets = 0;
            var all = Directory.GetFileSystemEntries($"/proc/{Id}/fd");
            foreach (var descriptor in all)
            {
                if (new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
                    sockets++;
            }

            return (all.Length - sockets, sockets);
        }
    }

    /// <summary>Starts the server on a data directory and waits until it takes clients.</summary>
    public static Task<TortureServer> StartAsync(string data, params string[] options) => StartAsync([], data, options);

    /// <summary>The same, for a server whose files <c>prlimit</c> can keep from growing: the system would kill any other.</summary>
    public static Task<TortureServer> StartFreezableAsync(string data) => StartAsync(["/bin/sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"], data, []);

    private static async Task<TortureServer> StartAsync(string[] wrapper, string data, string[] options)
    {
        string[] arguments =
        [
            "--data", data, "--hostname", "mail.test",
            "--smtp", "127.0.0.1:0", "--smtp", "127.0.0.1:0/tls", "--pop3", "127.0.0.1:0", "--pop3", "127.0.0.1:0/tls", .. options,
        ];
        var server = new TortureServer(MailServerProcess.Launch(arguments, wrapper));
        try
        {
            await server._listening.Task.WaitAsync(HangGuard.Limit);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The end that allows nothing to be put in order.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <summary>Asks the server to stop, and tells how it ended and how long that took.</summary>
    public async Task<(int ExitCode, TimeSpan Took, string Errors)> StopAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await _program.SignalAsync("TERM");
        await _program.Process.WaitForExitAsync().WaitAsync(HangGuard.Limit);
        var took = Stopwatch.GetElapsedTime(start);
        await _reading.WaitAsync(HangGuard.Limit);
        return (_program.Process.ExitCode, took, await _program.Errors);
    }

    /// <summary>Waits until no more sockets are open than this, and gives what is open at the end.</summary>
    public async Task<(int Files, int Sockets)> SettleAsync(int sockets)
    {
        // The system tells nobody when a socket is closed elsewhere.
        var start = Stopwatch.GetTimestamp();
        while (Descriptors.Sockets > sockets && Stopwatch.GetElapsedTime(start) < HangGuard.Limit)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        return Descriptors;
    }

    /// <summary>Waits until the console has shown these words.</summary>
    public async Task WaitUntilSaidAsync(string words)
    {
        while (true)
        {
            var next = Volatile.Read(ref _nextLine).Task;
            if (Output.Contains(words, StringComparison.Ordinal))
                return;
            await next.WaitAsync(HangGuard.Limit);
        }
    }

    /// <summary>Makes accounts without a password, as a person does.</summary>
    public async Task MakeAccountsAsync(params IEnumerable<string> names)
    {
        using var client = await MailTestClient.GreetedAsync(Smtp);
        foreach (var name in names)
            Assert.StartsWith("250", await client.AskAsync($"HELO {name}"), StringComparison.Ordinal);
    }

    public void Dispose() => _program.Dispose();

    private async Task ReadOutputAsync()
    {
        const string Words = " listening on ";
        while (await _program.Output.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            Interlocked.Exchange(ref _nextLine, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            if (_endPoints.Count == 4 || line.IndexOf(Words, StringComparison.Ordinal) is not (> 0 and var at))
                continue;
            var rest = line[(at + Words.Length)..].Split(' ', 2);
            _endPoints[line[(at - 4)..at] + (rest.Length > 1 ? " with TLS" : "")] = IPEndPoint.Parse(rest[0]);
            if (_endPoints.Count == 4)
                _listening.SetResult();
        }

        _listening.TrySetException(new InvalidOperationException($"The server does not listen: {await _program.Errors}"));
    }

    private long Status(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
