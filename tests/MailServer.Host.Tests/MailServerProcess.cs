using System.Diagnostics;
using System.Globalization;
using System.Net;
using MailServer.Testing;

namespace MailServer.Host.Tests;

/// <summary>The built program, run as whoever installed it would run it.</summary>
internal sealed class MailServerProcess : IDisposable
{
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
        await WriteAsync(program._process.StandardInput, input);
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
        string[] line = [.. wrapper, DotNetHost.File, typeof(Composition).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo(line[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Settings of whoever runs the tests are none of the tests'.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MAILSERVER_", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["MAILSERVER_BCRYPT_COST"] = "4";
        foreach (var argument in line.Skip(1))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Reads the log until the protocol listens on the IPv4 loopback address, and returns that endpoint.</summary>
    public async Task<IPEndPoint> WaitUntilListeningAsync(string protocol)
    {
        var words = $"{protocol} listening on ";
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(HangGuard.Limit) is { } line)
        {
            var at = line.IndexOf(words + "127.0.0.1:", StringComparison.Ordinal);
            if (at >= 0)
                return IPEndPoint.Parse(line.AsSpan(at + words.Length));
        }

        throw new InvalidOperationException($"{protocol} does not listen: {await _errors}");
    }

    /// <summary>True when it inherited that INT is ignored, which it then is for good (Linux).</summary>
    public bool IgnoresInterrupts
    {
        get
        {
            // proc(5): a mask in hexadecimal, whose bit 1 is signal 2, INT.
            var mask = File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))?[7..].Trim();
            return mask is not null && (Convert.ToUInt64(mask, 16) & 2) != 0;
        }
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public Task SignalAsync(string name) => SignalAsync(_process, name);

    /// <summary>Sends a signal by its name. Every shell can, while the program kill need not be there.</summary>
    public static async Task SignalAsync(Process process, string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", "kill -s \"$1\" \"$2\"", "sh", name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the program to end, and gives what it wrote that has not been read yet.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(HangGuard.Limit);
        await _process.WaitForExitAsync().WaitAsync(HangGuard.Limit);
        return (_process.ExitCode, output, await _errors);
    }

    public void Dispose()
    {
        End(_process);
        _process.Dispose();
    }

    /// <summary>Ends a process that still runs, and waits until its files are free.</summary>
    public static void End(Process process)
    {
        if (process.HasExited)
            return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private static async Task WriteAsync(StreamWriter writer, string input)
    {
        try
        {
            await writer.WriteAsync(input);
            writer.Close();
        }
        catch (IOException)
        {
            // It has ended without reading, as it does when it is misused.
        }
    }
}
