using System.Net;
using System.Text.Json;

namespace MailServer.Testing.Hosting;

/// <summary>The built server, run as whoever installed it would run it.</summary>
public sealed class MailServerProcess : IDisposable
{
    private readonly ProgramProcess _program;

    private MailServerProcess(ProgramProcess program) => _program = program;

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string input = "")
    {
        using var program = Launch(arguments);
        return await program.EndAsync(input);
    }

    /// <summary>Runs a command to its end behind a wrapper: a program, with its arguments, that becomes the command.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunBehindAsync(IEnumerable<string> wrapper, params string[] arguments)
    {
        using var program = Launch(arguments, wrapper);
        return await program.EndAsync(input: "");
    }

    /// <summary>Starts a command and leaves it running.</summary>
    public static MailServerProcess Start(params string[] arguments) => new(Launch(arguments));

    /// <summary>Starts a command behind a wrapper and leaves it running.</summary>
    public static MailServerProcess StartBehind(IEnumerable<string> wrapper, params string[] arguments) => new(Launch(arguments, wrapper));

    /// <summary>Starts a command, with its console as pipes.</summary>
    /// <param name="wrapper">A program, with its arguments, that becomes the command.</param>
    public static ProgramProcess Launch(IEnumerable<string> arguments, params IEnumerable<string> wrapper) => ProgramProcess.Start(
        typeof(Composition).Assembly.Location, arguments, [new("MAILSERVER_BCRYPT_COST", "4")], wrapper);

    /// <summary>Reads the log until the protocol listens on the IPv4 loopback address, and returns that endpoint.</summary>
    public async Task<IPEndPoint> WaitUntilListeningAsync(string protocol)
    {
        while (await _program.Output.ReadLineAsync().WaitAsync(HangGuard.Limit) is { } line)
        {
            if (EndPointIn(line, protocol) is { } endPoint)
                return endPoint;
        }

        throw new InvalidOperationException($"{protocol} does not listen: {await _program.Errors}");
    }

    // In text, or in JSON.
    private static IPEndPoint? EndPointIn(string line, string protocol)
    {
        const string Loopback = "127.0.0.1:";
        if (line.StartsWith('{'))
        {
            var values = JsonDocument.Parse(line).RootElement.GetProperty("Properties");
            return values.TryGetProperty("WithTls", out _) && values.GetProperty("Protocol").GetString() == protocol
                && values.GetProperty("EndPoint").GetString() is { } text && text.StartsWith(Loopback, StringComparison.Ordinal)
                    ? IPEndPoint.Parse(text)
                    : null;
        }

        var words = $"{protocol} listening on ";
        var at = line.IndexOf(words + Loopback, StringComparison.Ordinal);
        return at < 0 ? null : IPEndPoint.Parse(line.AsSpan(at + words.Length));
    }

    /// <summary>True when it inherited that INT is ignored, which it then is for good (Linux).</summary>
    public bool IgnoresInterrupts
    {
        get
        {
            // proc(5): a mask in hexadecimal, whose bit 1 is signal 2, INT.
            var mask = File.ReadLines($"/proc/{_program.Process.Id}/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))?[7..].Trim();
            return mask is not null && (Convert.ToUInt64(mask, 16) & 2) != 0;
        }
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public Task SignalAsync(string name) => _program.SignalAsync(name);

    /// <summary>Waits for the program to end, and gives what it wrote that has not been read yet.</summary>
    public Task<(int ExitCode, string Output, string Errors)> EndAsync() => _program.EndAsync();

    public void Dispose() => _program.Dispose();
}
