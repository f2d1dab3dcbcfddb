using System.CommandLine;
using MailServer.Storage.Sqlite;

namespace MailServer.Cli;

/// <summary><c>backup FILE</c>: copies the whole store into one file, also while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create(SettingOptions settings)
    {
        var file = new Argument<string>("FILE") { Description = "what to write; to restore it, stop the server and put it in the place of DIR/mail.db" };
        var force = new Option<bool>("--force") { Description = "replace FILE if it exists" };
        var command = new Command("backup", "Copy all accounts and mail into one file, also while the server runs") { file, force };
        command.SetAction(async (parsed, _) =>
        {
            var directory = settings.Read(parsed).DataDirectory;
            var target = parsed.GetValue(file)!;
            StoreArguments.ThrowIfNone(directory);
            if (Directory.Exists(target))
                throw new CommandFault($"{target} is a folder; name a file in it");
            if (FileOwner.IsNoFile(target))
                throw new CommandFault($"{target} is no file, so nothing replaces it; choose another name");
            if (IsOfStore(directory, target))
                throw new CommandFault($"{target} belongs to the store itself; choose another file");
            if (Path.Exists(target) && !parsed.GetValue(force))
                throw new CommandFault($"{target} exists already; --force replaces it");
            using var interruption = new Interruption();
            var octets = Write(directory, target, interruption.Token);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{TransferProgress.Size(octets)} written to {target}");
            return ExitCode.Done;
        });
        return command;
    }

    private static long Write(string directory, string target, CancellationToken cancellation)
    {
        try
        {
            return StoreBackup.Write(directory, target, cancellation);
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

    // The store, its WAL and what else SQLite keeps beside it.
    private static bool IsOfStore(string directory, string target)
    {
        var store = Path.GetFullPath(Path.Combine(directory, SqliteStore.FileName));
        var link = File.Exists(target) ? File.ResolveLinkTarget(target, returnFinalTarget: true) : null;
        var resolved = link?.FullName ?? Path.GetFullPath(target);
        return resolved == store || resolved.StartsWith(store + "-", StringComparison.Ordinal);
    }
}
