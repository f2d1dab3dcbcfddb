using MailServer.Core.Sessions;

namespace MailServer.Core.Pop3.Commands;

/// <summary>STLS (RFC 2595 4).</summary>
internal sealed class StlsCommand() : Pop3Command("STLS", "STLS", "encrypt the connection", Arguments.None)
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument)
    {
        if (session.IsEncrypted)
            return Pop3Replies.EncryptedAlready;
        if (session.Services.StartTls == StartTlsPolicy.Never)
            return Pop3Replies.TlsNotAvailable;
        session.RequestTls();
        return Pop3Replies.ReadyForTls;
    }
}
