using MailServer.Core.Routing;
using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>RCPT (RFC 5321 4.1.1.3): the router says where it goes.</summary>
internal sealed class RcptCommand() : SmtpCommand("RCPT", "RCPT TO:<address>", "name a recipient", Arguments.Required)
{
    public override string Details => "a bare name, as in RCPT TO: bob, is an account here, and @ME is your own; say it once for each recipient";

    public override string Mask(string line) => line;

    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (PathParser.TryParse(argument, "TO", out var text, out var problem) is not { } path)
            return problem is null ? SmtpReplies.BadArgument(Usage) : SmtpReplies.BadRecipientPath(problem);
        if (path.IsNull)
            return SmtpReplies.BadRecipientPath("A recipient has a name; <> is for senders only");
        if (RcptParameters.TryParse(text, out var refusal) is not { } parameters)
            return refusal!;

        var transaction = session.Transaction!;
        if (path.NeedsInternational && !transaction.Parameters.IsInternational)
            return SmtpReplies.InternationalAddress;
        var route = await session.Services.Router.FindAsync(path, session.RouteClient, cancellation);
        var named = path.IsMe && route.Account is { } self ? new MailPath(self.Name.Text, null) : path;
        var whole = named with { Domain = named.Domain ?? session.Services.Identity.PrimaryDomain };

        // An alias of several accounts is rare: only there a list is made.
        return route switch
        {
            { Kind: RouteKind.Local, Account: { } account } => route.Others.Count == 0
                ? Add(session, [new Recipient.Local(account, whole, parameters)])
                : Add(session, [new Recipient.Local(account, whole, parameters), .. route.Others.Select(other => new Recipient.Local(other, whole, parameters))]),
            { Kind: RouteKind.Remote } => Add(session, [new Recipient.Remote(whole, parameters)]),
            { Kind: RouteKind.NotRelayed } => SmtpReplies.NotRelaying,
            _ /* Unknown */ => path.IsMe ? SmtpReplies.NobodyIsMe : SmtpReplies.NoSuchUser,
        };
    }

    private static SmtpReply Add(SmtpSession session, ReadOnlySpan<Recipient> recipients)
    {
        var limit = session.Services.Limits.Recipients;
        return session.Transaction!.TryAdd(recipients, limit) ? SmtpReplies.RecipientAccepted : SmtpReplies.TooManyRecipients(limit);
    }
}
