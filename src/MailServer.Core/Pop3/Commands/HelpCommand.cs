using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3.Commands;

/// <summary>HELP, for a person at a prompt; not in any RFC.</summary>
internal sealed class HelpCommand() : Pop3Command("HELP", "HELP [verb]", "show what can be said")
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument)
    {
        var verb = CommandText.Split(argument.Trim()).Verb;
        var commands = Pop3CommandTable.Standard.Commands.Where(command => verb.Length == 0 || command.Verb.Equals(verb, StringComparison.OrdinalIgnoreCase));
        var rows = commands.Select(command => $"{command.Usage} - {command.Purpose}").ToArray();
        return rows.Length > 0 ? Pop3Replies.Help(new TextBody(rows))
            : CommandText.IsSmtpVerb(verb) ? Pop3Replies.CommandOfSmtp(verb.ToUpperInvariant())
            : Pop3Replies.NoSuchTopic;
    }
}
