using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>STARTTLS (RFC 3207 4).</summary>
internal sealed class StartTlsCommand() : SmtpCommand("STARTTLS", "STARTTLS", "encrypt the connection, where that is offered", Arguments.None)
{
    protected override SmtpOutcome Execute(SmtpSession session, string argument)
    {
        if (session.IsEncrypted)
            return SmtpReplies.EncryptedAlready;
        if (session.Services.StartTls == StartTlsPolicy.Never)
            return SmtpReplies.TlsNotAvailable;
        session.RequestTls();
        return SmtpReplies.ReadyForTls;
    }
}
