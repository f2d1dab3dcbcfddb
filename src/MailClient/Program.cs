using System.Text;
using MailClient;
using MailClient.Cli;

// Windows would write in the code page of its first terminals.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

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
