namespace MailServer.Core.Smtp.Commands;

/// <summary>NOOP (RFC 5321 4.1.1.9): an argument is ignored.</summary>
internal sealed class NoopCommand() : SmtpCommand("NOOP", "NOOP", "do nothing")
{
    protected override SmtpOutcome Execute(SmtpSession session, string argument) => SmtpReplies.Done;
}
