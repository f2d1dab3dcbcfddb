using System.Diagnostics;

namespace MailServer.Benchmarks.Compare;

/// <summary>Something that the comparison needs is missing or does not start.</summary>
internal sealed class CompareFault(string message) : Exception(message);

/// <summary>Runs programs.</summary>
internal static class CommandRun
{
    /// <summary>Runs a program to its end and returns what it wrote. Throws <see cref="CompareFault"/> when it fails.</summary>
    public static async Task<string> OutputAsync(string file, params string[] arguments)
    {
        using var process = Start(file, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var text = (await output + await error).Trim();
        return process.ExitCode == 0 ? text : throw new CompareFault($"{file} {string.Join(' ', arguments)} failed: {text}");
    }

    /// <summary>The same, but failure is of no interest.</summary>
    public static async Task<string?> TryOutputAsync(string file, params string[] arguments)
    {
        try
        {
            return await OutputAsync(file, arguments);
        }
        catch (CompareFault)
        {
            return null;
        }
    }

    /// <summary>Starts a program. Throws <see cref="CompareFault"/> when there is none of this name.</summary>
    public static Process Start(string file, IEnumerable<string> arguments)
    {
        try
        {
            var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new CompareFault($"{file} cannot be started: {exception.Message}");
        }
    }
}
