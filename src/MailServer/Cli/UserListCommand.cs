using System.CommandLine;
using MailServer.Core.Accounts;

namespace MailServer.Cli;

/// <summary><c>user list</c>: one name a line, with a remark after two blanks where there is something to say.</summary>
internal static class UserListCommand
{
    public static Command Create(SettingOptions settings)
    {
        var command = new Command("list", "List the accounts");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var accounts = UserArguments.OpenExisting(settings.Read(parsed));
            foreach (var account in await accounts.Store.ListAsync(cancellation))
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{account.Name}{Remark(account)}");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Remark(Account account) => account.State switch
    {
        AccountState.Passwordless => "  (no password)",
        AccountState.Locked => "  (no login)",
        _ => "",
    };
}
