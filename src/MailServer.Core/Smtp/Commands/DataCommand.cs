using MailServer.Core.Sessions;
using MailServer.Core.Smtp.Inputs;

namespace MailServer.Core.Smtp.Commands;

/// <summary>DATA (RFC 5321 4.1.1.4).</summary>
internal sealed class DataCommand() : SmtpCommand("DATA", "DATA", "send the text, ended by a line with a lone dot", Arguments.None)
{
    public override string Details => "fields such as Subject: Hello come first, then a blank line, then the text; a line that begins with a dot gets one dot more";

    protected override SmtpOutcome Execute(SmtpSession session, string argument) =>
        new(SmtpReplies.StartMailInput, new DataInput(session, session.Transaction!.Receive(session)));
}
