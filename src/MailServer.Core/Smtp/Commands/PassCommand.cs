namespace MailServer.Core.Smtp.Commands;

/// <summary>PASS, the password that EHLO with an account's name asked for on the line before (the classic conversation).</summary>
internal sealed class PassCommand() : SmtpCommand("PASS", "PASS password", "give the password that EHLO and an account's name asked for, where registration allows")
{
    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (session.Offer is { } offer)
            return await ClassicGreeting.TakePasswordAsync(session, offer, argument, cancellation);
        return session.Services.Accounts.MayRegister(session.Peer) ? SmtpReplies.NoPasswordAskedFor : SmtpReplies.PasswordsByAuthOnly;
    }
}
