using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MailServer.Testing;

/// <summary>A built program of ours in a process of its own, run as whoever installed it would run it; it ends with this object.</summary>
public sealed class ProgramProcess : IDisposable
{
    private readonly Task<string> _errors;

    private ProgramProcess(Process process)
    {
        Process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public Process Process { get; }

    /// <summary>What it has written to its console in lines, for one reader.</summary>
    public StreamReader Output => Process.StandardOutput;

    /// <summary>What it wrote to its standard error until it ended.</summary>
    public Task<string> Errors => _errors;

    /// <summary>Starts a program and leaves it running, with its console as pipes of UTF-8.</summary>
    /// <param name="assembly">The file of the program.</param>
    /// <param name="environment">Variables that it gets; of those that set up our programs it gets no other.</param>
    /// <param name="wrapper">A program, with its arguments, that becomes the other.</param>
    /// <param name="folder">Its working directory; null for that of the tests.</param>
    public static ProgramProcess Start(
        string assembly,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null,
        IEnumerable<string>? wrapper = null,
        string? folder = null)
    {
        string[] line = [.. wrapper ?? [], DotNetHost.File, assembly, .. arguments];
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
            WorkingDirectory = folder ?? "",
        };

        // Settings of whoever runs the tests are none of the tests'.
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Gives the program its input, and waits for its end.</summary>
    /// <returns>With what it wrote that has not been read yet.</returns>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync(string input)
    {
        try
        {
            await Process.StandardInput.WriteAsync(input);
            Process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading, as it does when it is misused.
        }

        return await EndAsync();
    }

    /// <summary>Waits for the program to end.</summary>
    /// <returns>With what it wrote that has not been read yet.</returns>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        var output = await Output.ReadToEndAsync().WaitAsync(HangGuard.Limit);
        await Process.WaitForExitAsync().WaitAsync(HangGuard.Limit);
        return (Process.ExitCode, output, await _errors);
    }

    /// <summary>The end that allows nothing to be put in order.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync().WaitAsync(HangGuard.Limit);
    }

    /// <summary>Sends a signal by its name, such as TERM. Every shell can, while the program kill need not be there.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("/bin/sh", ["-c", "kill -s \"$1\" \"$2\"", "sh", name, Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
            throw new InvalidOperationException($"The signal {name} could not be sent");
    }

    public void Dispose()
    {
        End(Process);
        Process.Dispose();
    }

    /// <summary>Ends a process that still runs, and waits until its files are free.</summary>
    public static void End(Process process)
    {
        if (process.HasExited)
            return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("MAILSERVER_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MAILCLIENT_", StringComparison.OrdinalIgnoreCase);
}
