using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>RSET (RFC 5321 4.1.1.5).</summary>
internal sealed class RsetCommand() : SmtpCommand("RSET", "RSET", "forget the message under way", Arguments.None)
{
    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        await session.ResetTransactionAsync();
        return SmtpReplies.Done;
    }
}
