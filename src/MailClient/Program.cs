using MailClient;
using MailClient.Cli;

// Whoever runs the program reads one line about what went wrong, never a stack trace.
try
{
    return await CommandLine.RunAsync(args);
}
catch (Exception exception)
{
    await Console.Error.WriteLineAsync("mailclient: " + Faults.Describe(exception));
    return exception is ClientFault fault ? fault.ExitCode : ExitCode.Failed;
}
