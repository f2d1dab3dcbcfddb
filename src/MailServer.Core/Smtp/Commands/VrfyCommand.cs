namespace MailServer.Core.Smtp.Commands;

/// <summary>VRFY (RFC 5321 3.5.3): tells nobody which accounts exist.</summary>
internal sealed class VrfyCommand : SmtpCommand
{
    public override string Verb => "VRFY";

    public override string Usage => "VRFY name";

    public override string Purpose => "ask about a mailbox; the answer never tells who exists";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult<SmtpReply?>(string.IsNullOrWhiteSpace(argument) ? SmtpReplies.BadArgument(Usage) : SmtpReplies.CannotVerify);
}
