using System.CommandLine;
using MailClient.Mailbox;

namespace MailClient.Cli;

/// <summary><c>mailclient save N</c></summary>
internal static class SaveCommand
{
    public static Command Create(ConnectionOptions options)
    {
        var number = MailboxOption.Number();
        var pop3 = MailboxOption.Pop3();
        var folder = new Option<string>("--to") { HelpName = "DIR", Description = "the folder to save in", DefaultValueFactory = _ => "." };
        var attachments = new Option<bool>("--attachments") { Description = "save the attachments instead of the message" };
        var command = new Command("save", "Save a message as a file, and write the file's path; no file is ever written over") { number, pop3, folder, attachments };
        command.SetAction((parsed, _) => MailboxOption.RunAsync(options, parsed, pop3, async (mailbox, screen) =>
        {
            var entry = mailbox.Find(parsed.GetValue(number));
            var target = Directory.CreateDirectory(parsed.GetValue(folder)!).FullName;
            IReadOnlyList<string> paths = [];
            await screen.ProgressAsync($"Saving message {entry.Number}", entry.Octets, async progress => paths = parsed.GetValue(attachments)
                ? await OpenMailbox.SaveAttachmentsAsync(await mailbox.ReadAsync(entry.Number, progress), target)
                : [await mailbox.SaveAsync(entry.Number, target, progress)]);
            foreach (var path in paths)
                Console.WriteLine(path);
        }));
        return command;
    }
}
