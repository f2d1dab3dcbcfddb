using System.CommandLine;

namespace MailServer.Cli;

/// <summary><c>user password NAME</c></summary>
internal static class UserPasswordCommand
{
    public static Command Create(SettingOptions settings)
    {
        var name = UserArguments.Name();
        var fromInput = UserArguments.PasswordStdin();
        var command = new Command("password", "Give an account a new password") { name, fromInput };
        command.SetAction(async (parsed, cancellation) =>
        {
            var accountName = UserArguments.Parse(parsed.GetValue(name)!);
            await using var accounts = UserArguments.OpenExisting(settings.Read(parsed));
            var account = await UserArguments.FindAsync(accounts, accountName, cancellation);
            var password = PasswordPrompt.Read(parsed.GetValue(fromInput));
            if (!await accounts.Directory.SetPasswordAsync(account, password, cancellation))
                throw UserArguments.NoSuchAccount(accountName);
            return ExitCode.Done;
        });
        return command;
    }
}
