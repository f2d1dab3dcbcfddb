using MailServer.Core.Protocol;

namespace MailServer.Core.Smtp.Commands;

/// <summary>HELP (RFC 5321 4.1.1.8).</summary>
internal sealed class HelpCommand : SmtpCommand
{
    public override string Verb => "HELP";

    public override string Usage => "HELP [verb]";

    public override string Purpose => "show what can be said";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        var verb = CommandText.Split(argument.Trim()).Verb;
        if (verb.Length == 0)
            return ValueTask.FromResult<SmtpReply?>(SmtpReplies.Help([.. SmtpCommandTable.Commands.Select(Row), .. SmtpReplies.HelpHints]));
        return ValueTask.FromResult<SmtpReply?>(SmtpCommandTable.For(verb) is [var row, ..]
            ? SmtpReplies.Help([row.Command.Details.Length == 0 ? Row(row.Command) : $"{Row(row.Command)}: {row.Command.Details}"])
            : SmtpReplies.NoSuchTopic);
    }

    private static string Row(SmtpCommand command) => $"{command.Usage} - {command.Purpose}";
}
