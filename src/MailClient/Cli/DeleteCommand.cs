using System.CommandLine;

namespace MailClient.Cli;

/// <summary><c>mailclient delete N</c></summary>
internal static class DeleteCommand
{
    public static Command Create(ConnectionOptions options)
    {
        var number = MailboxOption.Number();
        var pop3 = MailboxOption.Pop3();
        var command = new Command("delete", "Delete a message; the ones behind it move up") { number, pop3 };
        command.SetAction((parsed, _) => MailboxOption.RunAsync(
            options, parsed, pop3, (mailbox, _) => mailbox.DeleteAsync(mailbox.Find(parsed.GetValue(number)).Number)));
        return command;
    }
}
