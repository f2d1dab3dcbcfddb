using System.CommandLine;
using MailServer.Core.Mail.Formats;

namespace MailServer.Cli;

/// <summary><c>import --user NAME PATH...</c>: takes mail that lies in files into a mailbox.</summary>
internal static class ImportCommand
{
    public static Command Create(SettingOptions settings)
    {
        var user = MailboxArguments.User();
        var again = new Option<bool>("--again") { Description = "take everything again, also what is still in the mailbox, which then has it twice" };
        var paths = new Argument<string[]>("PATH")
        {
            Description = "mbox files, Maildirs, messages (.eml), or folders of them",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("import", "Take mail from files into a mailbox, also while the server runs; what an earlier import took is left out")
        {
            user, again, paths,
        };
        command.SetAction(async (parsed, _) =>
        {
            var settingsRead = settings.Read(parsed);
            var name = UserArguments.Parse(parsed.GetValue(user)!);
            var chosen = parsed.GetValue(paths)!;
            if (chosen.FirstOrDefault(path => !Path.Exists(path)) is { } missing)
                throw new CommandFault($"there is no {MailFilePath.Shown(missing)}");
            using var interruption = new Interruption();
            await using var accounts = UserArguments.OpenExisting(settingsRead);
            var account = await UserArguments.FindAsync(accounts, name, interruption.Token);
            await using var import = await MailImport.OpenAsync(accounts.Mail, account, parsed.GetValue(again), interruption.Token)
                ?? throw MailboxArguments.InUse(account);
            var run = new ImportRun(import, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return await run.TakeAsync(chosen, interruption.Token) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
