namespace MailServer.Core.Smtp.Commands;

/// <summary>EHLO (RFC 5321 4.1.1.1).</summary>
internal sealed class EhloCommand() : SmtpCommand("EHLO", "EHLO your-name", "say who you are, and hear what is offered")
{
    public override string Details => "a bare account name, as in EHLO alice, and your password on the next line log you in, protect the account or make it, where registration allows";

    // Some type their password on this line too.
    public override string Mask(string line) => $"{Verb} {GreetingWord.Masked(line)}";

    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        var word = GreetingWord.In(argument);
        await session.GreetAsync(word, isExtended: true);
        var name = ClassicGreeting.NameIn(argument.Trim(), session);
        var (text, offersPassword) = name is null
            ? (ClassicGreeting.ForHost(argument.Trim(), session), false)
            : await ClassicGreeting.ExtendedHelloAsync(session, name, cancellation);
        var reply = SmtpReplies.ExtendedHello(session.Services.Identity.Hostname, text, SmtpExtensions.Offered(session));
        return new(reply, offersPassword ? session.OfferPassword(name!) : null);
    }
}
