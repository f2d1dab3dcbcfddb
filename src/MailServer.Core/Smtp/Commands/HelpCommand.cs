using MailServer.Core.Wire;

namespace MailServer.Core.Smtp.Commands;

/// <summary>HELP (RFC 5321 4.1.1.8).</summary>
internal sealed class HelpCommand() : SmtpCommand("HELP", "HELP [verb]", "show what can be said")
{
    protected override SmtpOutcome Execute(SmtpSession session, string argument)
    {
        var verb = CommandText.Split(argument.Trim()).Verb;
        if (verb.Length == 0)
            return SmtpReplies.Help([.. SmtpCommandTable.Standard.Commands.Select(Row), .. SmtpReplies.HelpHints]);
        return SmtpCommandTable.Standard.Find(verb) is { } command
            ? SmtpReplies.Help([command.Details.Length == 0 ? Row(command) : $"{Row(command)}: {command.Details}"])
            : CommandText.IsPop3Verb(verb) ? SmtpReplies.TopicOfPop3(verb.ToUpperInvariant())
            : SmtpReplies.NoSuchTopic;
    }

    private static string Row(SmtpCommand command) => $"{command.Usage} - {command.Purpose}";
}
