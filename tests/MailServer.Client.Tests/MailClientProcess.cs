using MailClient;
using MailServer.Testing;

namespace MailServer.Client.Tests;

/// <summary>The built program, run as whoever installed it would run it.</summary>
internal static class MailClientProcess
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="home">The folder of what it remembers.</param>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(string home, string input, params string[] arguments) =>
        RunAsync(home, input, ["MAILCLIENT_HOME", home], arguments);

    /// <summary>Runs a command in a folder, with a variable of the environment, to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string home, string input, string[] variable, string[] arguments)
    {
        using var program = ProgramProcess.Start(
            typeof(ClientFault).Assembly.Location, arguments, [new(variable[0], variable[1]), new("TERM", "xterm"), new("TZ", "UTC")], folder: home);
        return await program.EndAsync(input);
    }
}
