namespace MailServer.Core.Smtp.Commands;

/// <summary>NOOP (RFC 5321 4.1.1.9): an argument is ignored.</summary>
internal sealed class NoopCommand : SmtpCommand
{
    public override string Verb => "NOOP";

    public override string Usage => "NOOP";

    public override string Purpose => "do nothing";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult<SmtpReply?>(SmtpReplies.Done);
}
