using System.CommandLine;

namespace MailServer.Cli;

/// <summary><c>user add NAME</c></summary>
internal static class UserAddCommand
{
    public static Command Create(SettingOptions settings)
    {
        var name = UserArguments.Name();
        var fromInput = UserArguments.PasswordStdin();
        var without = new Option<bool>("--no-password") { Description = "make an account that whoever registration allows may use" };
        var command = new Command("add", "Make an account") { name, fromInput, without };
        command.Validators.Add(result =>
        {
            if (result.GetValue(fromInput) && result.GetValue(without))
                result.AddError("--password-stdin and --no-password exclude each other");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var settingsRead = settings.Read(parsed);
            var account = UserArguments.Parse(parsed.GetValue(name)!);
            var password = parsed.GetValue(without) ? null : PasswordPrompt.Read(parsed.GetValue(fromInput));
            await using var accounts = Composition.OpenAccounts(settingsRead);
            if (await accounts.Directory.CreateAsync(account, password, cancellation) is null)
                throw new CommandFault($"the account {account} exists already; mailserver user password changes its password");
            return ExitCode.Done;
        });
        return command;
    }
}
