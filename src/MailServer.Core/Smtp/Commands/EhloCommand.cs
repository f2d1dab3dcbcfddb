namespace MailServer.Core.Smtp.Commands;

/// <summary>EHLO (RFC 5321 4.1.1.1).</summary>
internal sealed class EhloCommand : SmtpCommand
{
    public override string Verb => "EHLO";

    public override string Usage => "EHLO your-name";

    public override string Purpose => "say who you are, and hear what is offered";

    public override string Details => "a bare account name, as in EHLO alice, and your password on the next line log you in, protect the account or make it, where registration allows";

    // Some type their password on this line too.
    public override string Mask(string line) => $"{Verb} {GreetingWord.Masked(line)}";

    public override async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        var word = GreetingWord.In(argument);
        await session.GreetAsync(word, isExtended: true);
        var text = ClassicGreeting.NameIn(argument.Trim(), session) is { } name
            ? await ClassicGreeting.ExtendedHelloAsync(session, name, cancellation)
            : ClassicGreeting.ForHost(word, session);
        return SmtpReplies.ExtendedHello(session.Services.Identity.Hostname, text, SmtpExtensions.Offered(session));
    }
}
