using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>VRFY (RFC 5321 3.5.3): tells nobody which accounts exist.</summary>
internal sealed class VrfyCommand() : SmtpCommand("VRFY", "VRFY name", "ask about a mailbox; the answer never tells who exists", Arguments.Required)
{
    protected override SmtpOutcome Execute(SmtpSession session, string argument) => SmtpReplies.CannotVerify;
}
