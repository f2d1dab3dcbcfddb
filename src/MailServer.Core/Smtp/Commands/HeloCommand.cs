namespace MailServer.Core.Smtp.Commands;

/// <summary>HELO (RFC 5321 4.1.1.1).</summary>
internal sealed class HeloCommand() : SmtpCommand("HELO", "HELO your-name", "say who you are")
{
    public override string Details => "a bare account name, as in HELO alice, makes the account or speaks as it, where registration allows";

    // Some type their password on this line too.
    public override string Mask(string line) => $"{Verb} {GreetingWord.Masked(line)}";

    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        // No word is a reason to refuse mail, not even a missing one (RFC 5321 4.1.4).
        var word = GreetingWord.In(argument);
        await session.GreetAsync(word, isExtended: false);
        var text = ClassicGreeting.NameIn(argument.Trim(), session) is { } name
            ? await ClassicGreeting.HelloAsync(session, name, cancellation)
            : ClassicGreeting.ForHost(argument.Trim(), session);
        return SmtpReplies.Hello(session.Services.Identity.Hostname, text);
    }
}
