using MailServer.Core.Mail;
using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp;

/// <inheritdoc/>
public abstract class SmtpCommand(string verb, string usage, string purpose, Arguments arguments = Arguments.Any)
    : SessionCommand<SmtpSession, SmtpState, SmtpReply>(verb, usage, purpose, arguments)
{
    public override SmtpReply ReplyTo(StoreFault fault) => SmtpReplies.For(fault);
}
