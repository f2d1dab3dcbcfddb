using System.CommandLine;
using MailClient.Net;

namespace MailClient.Cli;

/// <summary><c>mailclient fetch DIR</c></summary>
internal static class FetchCommand
{
    public static Command Create(ConnectionOptions options)
    {
        var folder = new Argument<string>("DIR") { Description = "the folder to save in" };
        var pop3 = MailboxOption.Pop3();
        var command = new Command("fetch", "Save every message that is not in a folder yet; the server keeps them all") { folder, pop3 };
        command.SetAction((parsed, _) => MailboxOption.RunAsync(options, parsed, pop3, async (mailbox, screen) =>
        {
            var target = Directory.CreateDirectory(parsed.GetValue(folder)!).FullName;
            var fetched = 0;
            var missing = mailbox.Entries.Where(entry => !File.Exists(PathOf(target, entry))).ToList();
            await screen.ProgressAsync("Fetching", missing.Count, async progress =>
            {
                foreach (var entry in missing)
                {
                    // Under another name until it is whole, so that a fetch that was interrupted can be run again.
                    var unfinished = PathOf(target, entry) + ".part";
                    await mailbox.SaveAsAsync(entry.Number, new FileStream(unfinished, FileMode.Create, FileAccess.Write), progress: null);
                    File.Move(unfinished, PathOf(target, entry));
                    fetched++;
                    progress?.Report(fetched);
                }
            });
            Console.WriteLine($"{fetched} fetched, {mailbox.Entries.Count - missing.Count} there already");
        }));
        return command;
    }

    // Unique-ids may hold any printable character (RFC 1939 7), also those that lead to other folders.
    private static string PathOf(string folder, MailboxEntry entry) =>
        Path.Combine(folder, (entry.UniqueId is { } uniqueId ? "uid-" + Uri.EscapeDataString(uniqueId) : $"message-{entry.Number}") + ".eml");
}
