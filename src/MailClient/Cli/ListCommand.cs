using System.CommandLine;
using MailClient.Screens;

namespace MailClient.Cli;

/// <summary><c>mailclient list</c></summary>
internal static class ListCommand
{
    public static Command Create(ConnectionOptions options)
    {
        var pop3 = MailboxOption.Pop3();
        var json = MailboxOption.Json();
        var command = new Command("list", "List a mailbox; a star marks what was not read here yet") { pop3, json };
        command.SetAction((parsed, _) => MailboxOption.RunAsync(options, parsed, pop3, async (mailbox, screen) =>
        {
            await screen.ProgressAsync("Reading the list", await mailbox.CountAsync(), mailbox.LoadAsync);
            if (parsed.GetValue(json))
            {
                MailboxOption.WriteJson(mailbox.Rows.Select(row => new
                {
                    row.Number,
                    Uid = row.UniqueId,
                    row.Octets,
                    row.IsNew,
                    row.Summary.From,
                    row.Summary.To,
                    row.Summary.Received,
                    row.Summary.Subject,
                }));
                return;
            }

            foreach (var line in PlainTable.Lines(mailbox.Rows))
                Console.WriteLine(line);
        }));
        return command;
    }
}
