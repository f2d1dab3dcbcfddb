using MailServer.Core.Protocol;

namespace MailServer.Core.Pop3.Commands;

/// <summary>STLS (RFC 2595 4).</summary>
internal sealed class StlsCommand : Pop3Command
{
    public override string Verb => "STLS";

    public override string Usage => "STLS";

    public override string Purpose => "encrypt the connection";

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(argument))
            return ValueTask.FromResult(Pop3Replies.BadArgument(Usage));
        if (session.IsEncrypted)
            return ValueTask.FromResult(Pop3Replies.EncryptedAlready);
        if (session.Services.StartTls == StartTlsPolicy.Never)
            return ValueTask.FromResult(Pop3Replies.TlsNotAvailable);
        session.RequestTls();
        return ValueTask.FromResult(Pop3Replies.ReadyForTls);
    }
}
