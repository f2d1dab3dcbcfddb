namespace MailServer.Core.Smtp.Commands;

/// <summary>RSET (RFC 5321 4.1.1.5).</summary>
internal sealed class RsetCommand : SmtpCommand
{
    public override string Verb => "RSET";

    public override string Usage => "RSET";

    public override string Purpose => "forget the message under way";

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(argument))
            return SmtpReplies.BadArgument(Usage);
        await session.ResetTransactionAsync();
        return SmtpReplies.Done;
    }
}
