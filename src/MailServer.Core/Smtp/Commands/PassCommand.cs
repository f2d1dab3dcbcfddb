namespace MailServer.Core.Smtp.Commands;

/// <summary>PASS without an offer to take a password. With one, the session hands the password to <see cref="ClassicGreeting"/>.</summary>
internal sealed class PassCommand : SmtpCommand
{
    public override string Verb => "PASS";

    public override string Usage => "PASS password";

    public override string Purpose => "give the password that EHLO and an account's name asked for";

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult<SmtpReply?>(
            session.Services.Accounts.MayRegister(session.Peer) ? SmtpReplies.NoPasswordAskedFor : SmtpReplies.PasswordsByAuthOnly);
}
