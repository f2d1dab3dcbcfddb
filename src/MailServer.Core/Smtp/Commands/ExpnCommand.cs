namespace MailServer.Core.Smtp.Commands;

/// <summary>EXPN (RFC 5321 4.1.1.7).</summary>
internal sealed class ExpnCommand() : SmtpCommand("EXPN", "EXPN list", "show a mailing list; there are none here")
{
    protected override SmtpOutcome Execute(SmtpSession session, string argument) => SmtpReplies.ListsNotShown;
}
