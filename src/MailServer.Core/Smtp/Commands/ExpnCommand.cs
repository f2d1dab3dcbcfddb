namespace MailServer.Core.Smtp.Commands;

/// <summary>EXPN (RFC 5321 4.1.1.7).</summary>
internal sealed class ExpnCommand : SmtpCommand
{
    public override string Verb => "EXPN";

    public override string Usage => "EXPN list";

    public override string Purpose => "show a mailing list; there are none here";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult<SmtpReply?>(SmtpReplies.ListsNotShown);
}
