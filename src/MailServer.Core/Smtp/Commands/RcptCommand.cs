using MailServer.Core.Accounts;
using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Commands;

/// <summary>RCPT (RFC 5321 4.1.1.3). Never relays: what is not ours is refused or goes to the catch-all account.</summary>
internal sealed class RcptCommand() : SmtpCommand("RCPT", "RCPT TO:<address>", "name a recipient", Arguments.Required)
{
    public override string Details => "a bare name, as in RCPT TO: bob, is an account here, and @ME is your own; say it once for each recipient";

    public override string Mask(string line) => line;

    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (PathParser.TryParse(argument, "TO", out var parameters, out var problem) is not { } path)
            return problem is null ? SmtpReplies.BadArgument(Usage) : SmtpReplies.BadRecipientPath(problem);
        if (path.IsNull)
            return SmtpReplies.BadRecipientPath("A recipient has a name; <> is for senders only");
        if (EsmtpParameters.CheckRcpt(parameters, session) is { } refusal)
            return refusal;

        var transaction = session.Transaction!;
        if (path.NeedsInternational && !transaction.IsInternational)
            return SmtpReplies.InternationalAddress;
        if (await ResolveAsync(session, path, cancellation) is not { } account)
            return Refusal(session, path);
        if (transaction.Includes(account))
            return SmtpReplies.RecipientAccepted;
        if (transaction.Recipients.Count >= session.Services.Limits.Recipients)
            return SmtpReplies.TooManyRecipients(session.Services.Limits.Recipients);
        transaction.Add(account, (path with { Domain = path.Domain ?? session.Services.Identity.PrimaryDomain }).ToString());
        return SmtpReplies.RecipientAccepted;
    }

    private static SmtpReply Refusal(SmtpSession session, MailPath path)
    {
        if (!LocalMailbox.IsOurs(session, path))
            return SmtpReplies.NotRelaying;
        return path.IsMe ? SmtpReplies.NobodyIsMe : SmtpReplies.NoSuchUser;
    }

    private static async ValueTask<Account?> ResolveAsync(SmtpSession session, MailPath path, CancellationToken cancellation)
    {
        var services = session.Services;
        if (path.IsMe)
            return await LocalMailbox.FindSpeakerAsync(session, cancellation);
        if (await LocalMailbox.FindAsync(session, path, cancellation) is { } account)
            return account;

        // RFC 5321 4.5.1: mail for postmaster is always taken.
        if (LocalMailbox.IsOurs(session, path) && AccountName.Postmaster.Equals(AccountName.TryParse(path.UnquotedLocalPart)))
        {
            await services.Accounts.EnsurePostmasterAsync(cancellation);
            return await services.Accounts.FindAsync(AccountName.Postmaster, cancellation);
        }

        return services.CatchAll is { } catchAll ? await services.Accounts.FindAsync(catchAll, cancellation) : null;
    }
}
