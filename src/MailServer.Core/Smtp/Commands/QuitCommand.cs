using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>QUIT (RFC 5321 4.1.1.10).</summary>
internal sealed class QuitCommand() : SmtpCommand("QUIT", "QUIT", "end the session", Arguments.None)
{
    protected override SmtpOutcome Execute(SmtpSession session, string argument) => SmtpReplies.Closing(session.Services.Identity.Hostname);
}
