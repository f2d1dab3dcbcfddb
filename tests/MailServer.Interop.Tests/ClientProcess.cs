using System.Diagnostics;

namespace MailServer.Interop.Tests;

/// <summary>Runs programs, with everything that they write captured.</summary>
internal static class ClientProcess
{
    /// <summary>How to start a program that reads no settings but those in its own folder.</summary>
    public static ProcessStartInfo Prepare(string program, IEnumerable<string> arguments, string home)
    {
        var start = Programs.Prepare(program, arguments);
        start.WorkingDirectory = home;
        start.Environment["HOME"] = home;
        return start;
    }

    /// <summary>Writes a file of settings as programs want it that find a password in it: for its owner alone.</summary>
    public static async Task WriteSettingsAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Runs a program to its end, or to the end of its time.</summary>
    public static async Task<Outcome> RunAsync(ProcessStartInfo start, byte[] input, Func<string> serverLog)
    {
        var command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        using var process = Process.Start(start)!;
        var output = ReadAsync(process.StandardOutput.BaseStream);
        var errors = process.StandardError.ReadToEndAsync();
        var writing = WriteAsync(process.StandardInput.BaseStream, input);
        try
        {
            await Task.WhenAll(writing, output, errors, process.WaitForExitAsync()).WaitAsync(HangGuard.Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"It took too long.\n{new Outcome(command, -1, await output, await errors, serverLog())}");
        }

        return new(command, process.ExitCode, await output, await errors, serverLog());
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        var octets = new MemoryStream();
        await stream.CopyToAsync(octets);
        return octets.ToArray();
    }

    private static async Task WriteAsync(Stream stream, byte[] input)
    {
        try
        {
            await using (stream)
                await stream.WriteAsync(input);
        }
        catch (IOException)
        {
            // The program ended without reading everything; its exit code tells.
        }
    }
}
