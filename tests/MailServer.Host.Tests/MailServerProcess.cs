using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace MailServer.Host.Tests;

/// <summary>The built program, run as whoever installed it would run it.</summary>
internal sealed class MailServerProcess : IDisposable
{
    // Only a broken program makes a test wait this long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private MailServerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string input = "")
    {
        using var program = Start(arguments);
        await program._process.StandardInput.WriteAsync(input);
        program._process.StandardInput.Close();
        return await program.EndAsync();
    }

    /// <summary>Runs a command to its end behind a wrapper: a program, with its arguments, that becomes the command.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunBehindAsync(IEnumerable<string> wrapper, params string[] arguments)
    {
        using var program = new MailServerProcess(Launch(arguments, wrapper));
        program._process.StandardInput.Close();
        return await program.EndAsync();
    }

    /// <summary>Starts a command and leaves it running.</summary>
    public static MailServerProcess Start(params string[] arguments) => new(Launch(arguments));

    /// <summary>Starts a command behind a wrapper and leaves it running.</summary>
    public static MailServerProcess StartBehind(IEnumerable<string> wrapper, params string[] arguments) => new(Launch(arguments, wrapper));

    /// <summary>Starts a command, with its console as pipes.</summary>
    /// <param name="wrapper">A program, with its arguments, that becomes the command.</param>
    public static Process Launch(IEnumerable<string> arguments, params IEnumerable<string> wrapper)
    {
        string[] line = [.. wrapper, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(Composition).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(line[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MAILSERVER_BCRYPT_COST"] = "4" },
        };
        foreach (var argument in line.Skip(1))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Reads the log until the protocol listens on the IPv4 loopback address, and returns that endpoint.</summary>
    public async Task<IPEndPoint> WaitUntilListeningAsync(string protocol)
    {
        var words = $"{protocol} listening on ";
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit) is { } line)
        {
            var at = line.IndexOf(words + "127.0.0.1:", StringComparison.Ordinal);
            if (at >= 0)
                return IPEndPoint.Parse(line.AsSpan(at + words.Length));
        }

        throw new InvalidOperationException($"{protocol} does not listen: {await _errors}");
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the program to end, and gives what it wrote that has not been read yet.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return (_process.ExitCode, output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
