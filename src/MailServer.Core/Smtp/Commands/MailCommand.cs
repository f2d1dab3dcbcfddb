using MailServer.Core.Accounts;
using MailServer.Core.Routing;
using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>MAIL (RFC 5321 4.1.1.2).</summary>
internal sealed class MailCommand() : SmtpCommand("MAIL", "MAIL FROM:<address> [SIZE=octets] [BODY=8BITMIME] [SMTPUTF8]", "name the sender and begin a message", Arguments.Required)
{
    public override string Details => "a bare name, as in MAIL FROM: alice, is an address here, @ME is your own, and <> is nobody's, for reports of failures";

    public override string Mask(string line) => line;

    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (PathParser.TryParse(argument, "FROM", out var text, out var problem) is not { } path)
            return problem is null ? SmtpReplies.BadArgument(Usage) : SmtpReplies.BadSenderPath(problem);
        if (MailParameters.TryParse(text, out var refusal) is not { } parameters)
            return refusal!;
        if (RefuseSize(session, parameters.Size ?? 0) is { } tooLarge)
            return tooLarge;
        if (path.NeedsInternational && !parameters.IsInternational)
            return SmtpReplies.InternationalAddress;

        var owner = path.IsNull ? null : await session.Services.Router.FindOwnerAsync(path, session.RouteClient, cancellation);
        if (path.IsMe)
        {
            if (owner is null)
                return session.Services.Accounts.MayRegister(session.Peer) ? SmtpReplies.NotLoggedIn : SmtpReplies.NotLoggedInByAuth;
            path = new MailPath(owner.Name.Text, null);
        }

        if (owner is not null && RefuseSender(session, owner) is { } notAllowed)
            return notAllowed;
        var sender = path.IsNull ? path : path with { Domain = path.Domain ?? session.Services.Identity.PrimaryDomain };
        session.BeginTransaction(sender.ToString(), parameters);
        return SmtpReplies.SenderAccepted;
    }

    private static SmtpReply? RefuseSize(SmtpSession session, long size)
    {
        var limits = session.Services.Limits;
        if (size > limits.MessageSize)
            return SmtpReplies.TooLarge(limits.MessageSize);
        return limits.MailboxSize > 0 && size > limits.MailboxSize ? SmtpReplies.LargerThanMailbox : null;
    }

    // An address of ours may be used by whoever speaks as its account; one without a password also by a client that is not logged in
    // but is allowed to use accounts without passwords. Foreign addresses need no login: that is how mail comes in.
    private static SmtpReply? RefuseSender(SmtpSession session, Account owner)
    {
        if (session.Account is { } speaker && speaker.Id != owner.Id)
            return SmtpReplies.NotYourAddress(speaker.Name.Text);

        // It may have got a password since this client began to speak as it.
        if (session.Account is { } self && (!self.IsPasswordless || owner.IsPasswordless))
            return null;
        return owner.IsPasswordless && session.Services.Accounts.MayRegister(session.Peer) ? null : SmtpReplies.LoginNeeded(owner.Name.Text);
    }
}
