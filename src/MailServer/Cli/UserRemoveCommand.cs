using System.CommandLine;
using MailServer.Core.Accounts;

namespace MailServer.Cli;

/// <summary><c>user remove NAME</c></summary>
internal static class UserRemoveCommand
{
    public static Command Create(SettingOptions settings)
    {
        var name = UserArguments.Name();
        var command = new Command("remove", "Remove an account with all of its mail") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            var accountName = UserArguments.Parse(parsed.GetValue(name)!);

            // RFC 5321 4.5.1: mail for postmaster must always be taken.
            if (accountName.Equals(AccountName.Postmaster))
                throw new CommandFault("postmaster takes the mail for whoever runs the server and cannot be removed");
            await using var accounts = UserArguments.OpenExisting(settings.Read(parsed));
            var account = await UserArguments.FindAsync(accounts, accountName, cancellation);
            if (!await accounts.Store.RemoveAsync(account, cancellation))
                throw UserArguments.NoSuchAccount(accountName);
            return ExitCode.Done;
        });
        return command;
    }
}
