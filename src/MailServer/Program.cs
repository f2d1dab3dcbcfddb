using MailServer.Cli;
using MailServer.Settings;

// Whoever runs the program reads one line about what went wrong, never a stack trace.
try
{
    return await CommandLine.RunAsync(args);
}
catch (Exception exception)
{
    await Console.Error.WriteLineAsync("mailserver: " + exception.Message.ReplaceLineEndings(" "));
    return exception switch
    {
        SettingFault => ExitCode.Misused,
        CommandFault fault => fault.ExitCode,
        _ => ExitCode.Failed,
    };
}
