using System.Diagnostics;
using System.Text;
using MailClient;
using MailServer.Testing;

namespace MailServer.Client.Tests;

/// <summary>The built program, run as whoever installed it would run it.</summary>
internal static class MailClientProcess
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="home">The folder of what it remembers.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string home, string input, params string[] arguments)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(DotNetHost.File)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
            WorkingDirectory = home,
            Environment = { ["MAILCLIENT_HOME"] = home, ["TERM"] = "xterm", ["TZ"] = "UTC" },
        };
        start.ArgumentList.Add(typeof(ClientFault).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await WriteAsync(process.StandardInput, input);
            await process.WaitForExitAsync().WaitAsync(HangGuard.Limit);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
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
