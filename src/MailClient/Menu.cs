using MailClient.Screens;

namespace MailClient;

/// <summary>The main menu.</summary>
internal sealed class Menu(IScreen screen, string server, ManageMail manageMail, SendMail sendMail)
{
    /// <summary>Runs until Quit or the end of the input. Returns the exit code.</summary>
    public async Task<int> RunAsync()
    {
        var exitCode = ExitCode.Done;
        while (true)
        {
            try
            {
                switch (screen.Choose($"mailclient at {server}", ["Manage Mail", "Send Mail", "Quit"]))
                {
                    case 0:
                        await manageMail.RunAsync();
                        break;
                    case 1:
                        await sendMail.RunAsync();
                        break;
                    default:
                        return exitCode;
                }

                exitCode = ExitCode.Done;
            }
            catch (Exception exception) when (Faults.IsExpected(exception))
            {
                // A script sees at the end whether what it asked for last was done.
                screen.Warn(Faults.Describe(exception));
                exitCode = ExitCode.Failed;
            }
        }
    }
}
