namespace MailServer.Core.Smtp.Commands;

/// <summary>QUIT (RFC 5321 4.1.1.10).</summary>
internal sealed class QuitCommand : SmtpCommand
{
    public override string Verb => "QUIT";

    public override string Usage => "QUIT";

    public override string Purpose => "end the session";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult<SmtpReply?>(
            string.IsNullOrWhiteSpace(argument) ? SmtpReplies.Closing(session.Services.Identity.Hostname) : SmtpReplies.BadArgument(Usage));
}
