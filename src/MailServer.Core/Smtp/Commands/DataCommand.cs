namespace MailServer.Core.Smtp.Commands;

/// <summary>DATA (RFC 5321 4.1.1.4).</summary>
internal sealed class DataCommand : SmtpCommand
{
    public override string Verb => "DATA";

    public override string Usage => "DATA";

    public override string Purpose => "send the text, ended by a line with a lone dot";

    public override string Details => "fields such as Subject: Hello come first, then a blank line, then the text; a line that begins with a dot gets one dot more";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(argument))
            return ValueTask.FromResult<SmtpReply?>(SmtpReplies.BadArgument(Usage));
        session.BeginText();
        return ValueTask.FromResult<SmtpReply?>(SmtpReplies.StartMailInput);
    }
}
