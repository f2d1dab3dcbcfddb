namespace MailServer.Core.Pop3.Commands;

/// <summary>HELP, for a person at a prompt; not in any RFC.</summary>
internal sealed class HelpCommand() : Pop3Command("HELP", "HELP", "show what can be said")
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument) =>
        Pop3Replies.Help(new TextRows(Pop3CommandTable.Standard.Commands.Select(command => $"{command.Usage} - {command.Purpose}")));
}
