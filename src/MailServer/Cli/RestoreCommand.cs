using System.CommandLine;
using MailServer.Core.Mail;
using MailServer.Files;

namespace MailServer.Cli;

/// <summary><c>restore FILE</c>: makes a backup the store of a data directory that has none, while no server runs on it.</summary>
internal static class RestoreCommand
{
    public static Command Create(SettingOptions settings)
    {
        var file = new Argument<string>("FILE") { Description = "what mailserver backup has written" };
        var command = new Command("restore", "Put a backup into a data directory that has no accounts and mail yet") { file };
        command.SetAction(async (parsed, _) =>
        {
            var settingsRead = settings.Read(parsed);
            var source = parsed.GetValue(file)!;
            if (FileOwner.IsNoFile(source))
                throw new CommandFault($"{source} is no file; name what mailserver backup has written");
            if (!File.Exists(source))
                throw new CommandFault($"there is no {source}; name what mailserver backup has written");
            using var interruption = new Interruption();
            using var held = DataDirectoryLock.Acquire(StorageFactory.DirectoryOf(settingsRead));
            var octets = await ReadAsync(StorageFactory.Maintenance(settingsRead), source, interruption.Token);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{TransferProgress.Size(octets)} restored into {settingsRead.DataDirectory}");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<long> ReadAsync(IStoreMaintenance store, string source, CancellationToken cancellation)
    {
        try
        {
            var restored = await store.RestoreAsync(source, cancellation);
            return restored.Refusal is { } refusal ? throw new CommandFault(StorageFactory.Sentence(refusal)) : restored.Octets;
        }
        catch (OperationCanceledException)
        {
            throw new CommandFault("interrupted; nothing was restored");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"cannot read {source}: {exception.Message}");
        }
    }
}
