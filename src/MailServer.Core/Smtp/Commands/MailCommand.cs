using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>MAIL (RFC 5321 4.1.1.2).</summary>
internal sealed class MailCommand() : SmtpCommand("MAIL", "MAIL FROM:<address> [SIZE=octets] [BODY=8BITMIME] [SMTPUTF8]", "name the sender and begin a message", Arguments.Required)
{
    public override string Details => "a bare name, as in MAIL FROM: alice, is an address here, @ME is your own, and <> is nobody's, for reports of failures";

    public override string Mask(string line) => line;

    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (PathParser.TryParse(argument, "FROM", out var parameters, out var problem) is not { } path)
            return problem is null ? SmtpReplies.BadArgument(Usage) : SmtpReplies.BadSenderPath(problem);
        if (EsmtpParameters.CheckMail(parameters, session) is { } refusal)
            return refusal;

        var isInternational = EsmtpParameters.Has(parameters, "SMTPUTF8");
        if (path.NeedsInternational && !isInternational)
            return SmtpReplies.InternationalAddress;

        var identity = session.Services.Identity;
        if (path.IsMe)
        {
            if (await LocalMailbox.FindSpeakerAsync(session, cancellation) is not { } self)
                return session.Services.Accounts.MayRegister(session.Peer) ? SmtpReplies.NotLoggedIn : SmtpReplies.NotLoggedInByAuth;
            path = new MailPath(self.Name.Text, identity.PrimaryDomain);
        }
        else if (path is { Domain: null, IsNull: false })
        {
            path = path with { Domain = identity.PrimaryDomain };
        }

        if (await RefuseSenderAsync(session, path, cancellation) is { } notAllowed)
            return notAllowed;
        session.BeginTransaction(path.ToString(), isInternational);
        return SmtpReplies.SenderAccepted;
    }

    // An address of ours may be used by whoever speaks as its account; one without a password also by somebody who speaks as nobody,
    // but may speak as it. Foreign addresses need no login: that is how mail comes in.
    private static async ValueTask<SmtpReply?> RefuseSenderAsync(SmtpSession session, MailPath path, CancellationToken cancellation)
    {
        if (path.IsNull || await LocalMailbox.FindAsync(session, path, cancellation) is not { } owner)
            return null;
        if (session.Account is { } speaker && speaker.Id != owner.Id)
            return SmtpReplies.NotYourAddress(speaker.Name.Text);

        // It may have got a password since this client began to speak as it.
        if (session.Account is { } self && (!self.IsPasswordless || owner.IsPasswordless))
            return null;
        return owner.IsPasswordless && session.Services.Accounts.MayRegister(session.Peer) ? null : SmtpReplies.LoginNeeded(owner.Name.Text);
    }
}
