using MailServer.Core.Accounts;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp.Inputs;

namespace MailServer.Core.Smtp;

/// <summary>
/// The classic conversation: a bare account name as the HELO or EHLO word makes or uses an account.
/// Only for clients that registration allows; any other word is plain RFC 5321.
/// </summary>
internal static class ClassicGreeting
{
    /// <summary>The account name in a greeting's word, or null when the word is a host's.</summary>
    public static AccountName? NameIn(string word, SmtpSession session) =>
        word.AsSpan().IndexOfAny('.', '[', ':') < 0
        && !session.Services.Identity.IsMachineName(word)
        && session.Services.Accounts.MayRegister(session.Peer)
            ? AccountName.TryParse(word)
            : null;

    /// <summary>The text of the greeting for a word that is a host's: says why it makes no account where a person may have meant one.</summary>
    /// <param name="argument">All that followed the verb.</param>
    public static string ForHost(string argument, SmtpSession session)
    {
        if (session.Account is { IsPasswordless: false } speaker)
            return StillLoggedIn(speaker);
        if (argument.Length == 0 || !session.Services.Accounts.MayRegister(session.Peer) || session.Services.Identity.IsMachineName(argument)
            || argument.AsSpan().IndexOfAny('[', ':') >= 0)
        {
            return "Hello";
        }

        if (argument.LastIndexOf('@') is > 0 and var at)
            return $"Hello; only a bare name makes an account or speaks as one, as in HELO {argument[..at]}";
        if (AccountName.TryParse(argument, out var problem) is null)
            return argument.Contains('.', StringComparison.Ordinal) ? "Hello" : $"Hello; that is no account's name. {problem}";
        return $"Hello {argument}, which is taken for a host's name because of its dot; this makes no account, and AUTH logs in to one";
    }

    /// <summary>HELO: makes the account if there is none, and speaks as it if it has no password.</summary>
    /// <returns>The text of the 250.</returns>
    public static async ValueTask<string> HelloAsync(SmtpSession session, AccountName name, CancellationToken cancellation)
    {
        if (session.Account is { IsPasswordless: false } speaker)
            return StillLoggedIn(speaker);
        var accounts = session.Services.Accounts;
        var (account, alias) = await accounts.LookUpAsync(name, cancellation);
        if (account is null && alias is not null)
        {
            session.SpeakAs(null);
            return ForOthers(name);
        }

        if (account is null && await accounts.CreateAsync(name, password: null, cancellation) is { } created)
        {
            session.Observer.AccountCreated(created.Name.Text);
            session.SpeakAs(created);
            return $"Hello {created.Name}, your account is made, without a password; EHLO {created.Name} and a password protects it";
        }

        // Another session may have made it meanwhile.
        account ??= await accounts.FindAsync(name, cancellation);
        session.SpeakAs(account is { IsPasswordless: true } ? account : null);
        if (account is { State: AccountState.Locked })
            return NoLogin(name);
        return session.Account is null
            ? $"Hello {name}, you are not logged in; say EHLO {name} and then your password"
            : $"Hello {name}, you speak as this account, which has no password";
    }

    /// <summary>EHLO: offers to take a password, and makes nothing before it comes.</summary>
    /// <returns>The text of the first line of the 250, and true when the next line may be the password.</returns>
    public static async ValueTask<(string Text, bool OffersPassword)> ExtendedHelloAsync(SmtpSession session, AccountName name, CancellationToken cancellation)
    {
        // Who has shown a password stays who he is until another password comes (RFC 5321 4.1.4: EHLO is as RSET).
        if (session.Account is not { IsPasswordless: false } speaker)
            session.SpeakAs(null);
        else if (speaker.Name.Equals(name))
            return (StillLoggedIn(speaker), false);
        var (account, alias) = await session.Services.Accounts.LookUpAsync(name, cancellation);
        if (account is { State: AccountState.Locked })
            return (NoLogin(name), false);
        if (account is null && alias is not null)
            return (ForOthers(name), false);
        if (!session.MayLogIn)
        {
            var remedy = session.Services.StartTls == StartTlsPolicy.Never ? ", which this port does not offer" : $"; say STARTTLS, and EHLO {name} again";
            return ($"Hello {name}, a password is taken only over TLS{remedy}", false);
        }

        var text = account switch
        {
            null => $"Hello {name}, there is no such account yet; a password now creates it",
            { IsPasswordless: true } => $"Hello {name}, your account has no password; a password now protects it",
            _ => $"Hello {name}, your password now logs you in",
        };
        return (text, true);
    }

    private static string StillLoggedIn(Account speaker) => $"Hello, you are logged in as {speaker.Name}";

    private static string NoLogin(AccountName name) => $"Hello {name}, this account takes mail, but nobody can log in to it";

    private static string ForOthers(AccountName name) => $"Hello {name}, this name takes mail for other accounts, and nobody can log in to it";

    /// <summary>The password that EHLO asked for: logs in, protects the account, or makes it. Who mistyped it may type it again.</summary>
    public static async ValueTask<SmtpOutcome> TakePasswordAsync(SmtpSession session, PasswordInput offer, string password, CancellationToken cancellation)
    {
        var name = offer.Account;
        var accounts = session.Services.Accounts;
        var account = await accounts.FindAsync(name, cancellation);
        if (account is { IsPasswordless: false })
        {
            var login = await session.Login.LogInAsync(name, password, cancellation);
            return new(await session.FinishLoginAsync(login, cancellation), login.Account is null ? offer.Again() : null);
        }

        if ((string.IsNullOrWhiteSpace(password) ? "The password is empty" : Passwords.Problem(password)) is { } problem)
            return new(SmtpReplies.BadPassword(problem), offer.Again());

        // If another session was faster, this password is not the account's: a failed login.
        var own = account is null ? await accounts.CreateAsync(name, password, cancellation) : await accounts.ProtectAsync(account, password, cancellation);
        if (own is null)
            return await session.FinishLoginAsync(await session.Login.RefuseAsync(name, cancellation), cancellation);
        if (account is null)
            session.Observer.AccountCreated(own.Name.Text);
        session.SpeakAs(own);
        return account is null ? SmtpReplies.AccountCreated(own.Name.Text) : SmtpReplies.AccountProtected(own.Name.Text);
    }
}
