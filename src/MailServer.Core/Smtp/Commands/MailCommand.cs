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

        var owners = path.IsNull ? new(RouteKind.Unknown) : await session.Services.Router.FindOwnersAsync(path, session.RouteClient, cancellation);
        if (path.IsMe)
        {
            if (owners.Account is not { } self)
                return session.Services.Accounts.MayRegister(session.Peer) ? SmtpReplies.NotLoggedIn : SmtpReplies.NotLoggedInByAuth;
            path = new MailPath(self.Name.Text, null);
        }

        if (owners.Account is { } owner && RefuseSender(session, owner, owners) is { } notAllowed)
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

    // An address of ours may be used by whoever speaks as one of its accounts; one without a password also by a client that is not logged in
    // but is allowed to use accounts without passwords. Foreign addresses need no login: that is how mail comes in.
    private static SmtpReply? RefuseSender(SmtpSession session, Account owner, Route owners)
    {
        if (session.Account is not { } speaker)
            return owners.HasPasswordless && session.Services.Accounts.MayRegister(session.Peer) ? null : SmtpReplies.LoginNeeded(owner.Name.Text);
        if (owners.Find(speaker.Id) is not { } self)
            return SmtpReplies.NotYourAddress(speaker.Name.Text);

        // It may have got a password since this client began to speak as it.
        return speaker.IsPasswordless && !self.IsPasswordless ? SmtpReplies.LoginNeeded(self.Name.Text) : null;
    }
}
