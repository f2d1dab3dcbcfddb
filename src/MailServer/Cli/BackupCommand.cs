using System.CommandLine;
using MailServer.Core.Mail;
using MailServer.Files;

namespace MailServer.Cli;

/// <summary><c>backup FILE</c>: copies the whole store into one file, also while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create(SettingOptions settings)
    {
        var file = new Argument<string>("FILE") { Description = "what to write; mailserver restore puts it into a data directory that has no store" };
        var force = new Option<bool>("--force") { Description = "replace FILE if it is an older backup" };
        var command = new Command("backup", "Copy all accounts and mail into one file, also while the server runs") { file, force };
        command.SetAction(async (parsed, _) =>
        {
            var settingsRead = settings.Read(parsed);
            var store = StoreArguments.OpenExisting(settingsRead);
            var target = parsed.GetValue(file)!;
            StoreArguments.ThrowIfUsed(settingsRead, target);
            if (Directory.Exists(target))
                throw new CommandFault($"{target} is a folder; name a file in it");
            if (FileOwner.IsNoFile(target))
                throw new CommandFault($"{target} is no file, so nothing replaces it; choose another name");
            if (Path.Exists(target) && !parsed.GetValue(force))
                throw new CommandFault($"{target} exists already; --force replaces it");
            if (FileOddity.OfFolderAbove(target) is { } reason)
                throw new CommandFault($"cannot write {target}: {reason}");
            using var interruption = new Interruption();
            var octets = await WriteAsync(store, target, interruption.Token);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{TransferProgress.Size(octets)} written to {target}");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<long> WriteAsync(IStoreMaintenance store, string target, CancellationToken cancellation)
    {
        try
        {
            var written = await store.BackupAsync(target, cancellation);
            return written.Refusal is { } refusal ? throw new CommandFault(StorageFactory.Sentence(refusal)) : written.Octets;
        }
        catch (OperationCanceledException)
        {
            throw new CommandFault("interrupted; nothing was written");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"cannot write {target}: {exception.Message}");
        }
    }
}
