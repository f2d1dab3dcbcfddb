using MailServer.Core.Protocol;

namespace MailServer.Core.Smtp.Commands;

/// <summary>STARTTLS (RFC 3207 4).</summary>
internal sealed class StartTlsCommand : SmtpCommand
{
    public override string Verb => "STARTTLS";

    public override string Usage => "STARTTLS";

    public override string Purpose => "encrypt the connection";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(argument))
            return ValueTask.FromResult<SmtpReply?>(SmtpReplies.BadArgument(Usage));
        if (session.IsEncrypted)
            return ValueTask.FromResult<SmtpReply?>(SmtpReplies.EncryptedAlready);
        if (session.Services.StartTls == StartTlsPolicy.Never)
            return ValueTask.FromResult<SmtpReply?>(SmtpReplies.TlsNotAvailable);
        session.RequestTls();
        return ValueTask.FromResult<SmtpReply?>(SmtpReplies.ReadyForTls);
    }
}
