using MailServer.Cli;
using MailServer.Settings;

// Whoever runs the program reads one line about what went wrong, never a stack trace.
try
{
    return await CommandLine.RunAsync(args);
}
catch (Exception exception)
{
    // Who has done something by then tells how much it is.
    var message = exception is OperationCanceledException ? "interrupted before anything was done" : exception.Message;
    await Console.Error.WriteLineAsync("mailserver: " + message.ReplaceLineEndings(" "));
    return exception switch
    {
        SettingFault => ExitCode.Misused,
        CommandFault fault => fault.ExitCode,
        _ => ExitCode.Failed,
    };
}
