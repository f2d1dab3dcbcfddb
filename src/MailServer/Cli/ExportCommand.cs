using System.CommandLine;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary><c>export --user NAME --format mbox|maildir|eml PATH</c>: writes a mailbox to files.</summary>
internal static class ExportCommand
{
    public static Command Create(SettingOptions settings)
    {
        var user = MailboxArguments.User();
        var format = new Option<string>("--format") { Description = "what to write", HelpName = "mbox|maildir|eml", Required = true };
        format.CompletionSources.Add([.. Enum.GetValues<ExportFormat>().Select(SettingParsers.Word)]);
        var path = new Argument<string>("PATH") { Description = "the mbox, or the folder for a Maildir or messages; nothing may lie there yet" };
        var command = new Command("export", "Write a mailbox to files, also while the server runs; an import gives the same mailbox again")
        {
            user, format, path,
        };
        command.SetAction(async (parsed, _) =>
        {
            var settingsRead = settings.Read(parsed);
            var name = UserArguments.Parse(parsed.GetValue(user)!);
            var chosen = FormatIn(parsed.GetValue(format)!);
            using var interruption = new Interruption();
            var streams = parsed.InvocationConfiguration;
            return await RunAsync(settingsRead, name, chosen, parsed.GetValue(path)!, streams.Output, streams.Error, interruption.Token) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    /// <summary>Writes a mailbox. Throws <see cref="CommandFault"/>, and <see cref="StoreFault"/> when nothing of it can be read.</summary>
    /// <returns>False when anything is missing or may be wrong, of which there are lines.</returns>
    internal static async Task<bool> RunAsync(
        ServerSettings settings, AccountName name, ExportFormat format, string path, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        StoreArguments.ThrowIfUsed(settings, path);
        var store = StoreArguments.OpenExisting(settings);
        try
        {
            await using var found = await store.SalvageAsync(name, line => error.WriteLine("mailserver: " + line), cancellation) ?? throw UserArguments.NoSuchAccount(name);
            await using var target = Open(format, path, found.Maildrop);
            var isSound = await TellDamageAsync(store, found, error, cancellation);
            var (written, failed) = await WriteAsync(target, found.Maildrop, error, cancellation);
            var isWhole = isSound && failed == 0;
            await output.WriteLineAsync(
                $"{written} messages written to {MailFilePath.Shown(path)}, {failed} skipped{(isWhole ? "" : "; a backup may still hold what is missing or wrong")}");
            return isWhole;
        }
        catch (OperationCanceledException)
        {
            throw new CommandFault("interrupted before the first message; 0 messages were written");
        }
    }

    // What is read from a damaged file may be a text, and not the right one. False when there is something to tell.
    private static async Task<bool> TellDamageAsync(
        IStoreMaintenance store, SalvagedMaildrop found, TextWriter error, CancellationToken cancellation)
    {
        var damage = await DamageAsync(store, cancellation);
        if (damage is not null)
            await error.WriteLineAsync($"mailserver: the mail store is damaged, so that what is written may be wrong: {damage}");
        if (!found.IsWhole)
            await error.WriteLineAsync("mailserver: part of the mailbox's list cannot be read, and the messages that stand there are not written");
        return damage is null && found.IsWhole;
    }

    private static async Task<string?> DamageAsync(IStoreMaintenance store, CancellationToken cancellation)
    {
        try
        {
            return await store.DamageAsync(cancellation);
        }
        catch (StoreFault fault)
        {
            return fault.Message;
        }
    }

    private static async Task<(int Written, int Failed)> WriteAsync(
        ExportTarget target, IMaildrop maildrop, TextWriter error, CancellationToken cancellation)
    {
        var (count, failed, done, total) = (maildrop.Entries.Count, 0, 0L, maildrop.Entries.Sum(entry => entry.Octets));
        using var progress = new TransferProgress(error, total, octets => $"{TransferProgress.Size(octets)} of {TransferProgress.Size(total)}");
        for (var index = 0; index < count; index++)
        {
            try
            {
                await target.WriteAsync(index, cancellation);
            }
            catch (StoreFault fault)
            {
                failed++;
                progress.Dispose();
                await error.WriteLineAsync($"mailserver: message {index + 1} is skipped: {fault.Message}");
            }
            catch (OperationCanceledException)
            {
                throw new CommandFault($"interrupted after {index - failed} of {count} messages, which are whole");
            }
            catch (IOException exception)
            {
                throw new CommandFault(
                    $"message {index + 1} cannot be written: {exception.Message.ReplaceLineEndings(" ")}; {index - failed} of {count} messages were written, so export again where there is room");
            }

            progress.Report(done += maildrop.Entries[index].Octets);
        }

        return (count - failed, failed);
    }

    private static ExportFormat FormatIn(string text)
    {
        try
        {
            return SettingParsers.Choice<ExportFormat>(text);
        }
        catch (SettingFault fault)
        {
            throw new CommandFault($"--format: '{MailFilePath.Shown(text)}' is invalid: {fault.Message}", ExitCode.Misused);
        }
    }

    private static ExportTarget Open(ExportFormat format, string path, IMaildrop maildrop)
    {
        try
        {
            return format switch
            {
                ExportFormat.Mbox => new MboxTarget(path, maildrop),
                ExportFormat.Maildir => new MaildirTarget(path, maildrop),
                _ => new EmlTarget(path, maildrop),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault(MailFilePath.Shown($"cannot write to {path}: {exception.Message.ReplaceLineEndings(" ")}"));
        }
    }
}
