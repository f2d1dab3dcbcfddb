using System.CommandLine;
using MailClient.Mime;
using MailClient.Screens;

namespace MailClient.Cli;

/// <summary><c>mailclient read N</c></summary>
internal static class ReadCommand
{
    public static Command Create(ConnectionOptions options)
    {
        var number = MailboxOption.Number();
        var pop3 = MailboxOption.Pop3();
        var json = MailboxOption.Json();
        var command = new Command("read", "Write a message's header, attachments' names and text") { number, pop3, json };
        command.SetAction((parsed, _) => MailboxOption.RunAsync(options, parsed, pop3, async (mailbox, screen) =>
        {
            var entry = mailbox.Find(parsed.GetValue(number));
            ReadableMessage message = null!;
            await screen.ProgressAsync($"Fetching message {entry.Number}", entry.Octets, async progress => message = await mailbox.ReadAsync(entry.Number, progress));
            if (parsed.GetValue(json))
            {
                MailboxOption.WriteJson(new
                {
                    entry.Number,
                    Uid = entry.UniqueId,
                    entry.Octets,
                    message.Summary.From,
                    message.Summary.To,
                    message.Summary.Cc,
                    message.Summary.Received,
                    message.Summary.Subject,
                    message.Summary.MessageId,
                    message.Text,
                    Attachments = message.Attachments.Select(attachment => new { attachment.FileName, attachment.ContentType, attachment.Octets }),
                });
                return;
            }

            foreach (var line in PlainTable.Lines(message))
                Console.WriteLine(line);
        }));
        return command;
    }
}
