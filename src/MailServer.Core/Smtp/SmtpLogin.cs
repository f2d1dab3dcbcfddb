using MailServer.Core.Accounts;
using MailServer.Core.Protocol.Sasl;

namespace MailServer.Core.Smtp;

/// <summary>What EHLO with a bare name leads to: the next line is the password of this account (the classic conversation).</summary>
/// <param name="TakesPassOnly">True when it must come with PASS, because a line without a verb was not taken for it.</param>
public sealed record PasswordOffer(AccountName Account, bool TakesPassOnly = false);

/// <summary>Who the client of a session is, and what it was asked to show that.</summary>
public sealed class SmtpLogin(SmtpSession session)
{
    private readonly LoginAttempts _attempts = new(session.Services, session.Peer);
    private PasswordOffer? _offer;
    private ISaslExchange? _exchange;

    /// <summary>Whom the client speaks as, or null.</summary>
    public Account? Account { get; private set; }

    /// <summary>Nobody is logged in, and nothing is expected.</summary>
    public void Forget() => (Account, _offer, _exchange) = (null, null, null);

    /// <summary>The client speaks as this account from now on, or as nobody.</summary>
    public void SpeakAs(Account? account)
    {
        Account = account;
        if (account is not null)
            session.Observer.LoggedIn(account.Name.Text);
    }

    /// <summary>The next line may be a password.</summary>
    public void OfferPassword(PasswordOffer offer) => _offer = offer;

    /// <summary>What the next line may be besides a command; it holds for that line only.</summary>
    public (PasswordOffer? Offer, ISaslExchange? Exchange) TakeExpectation()
    {
        var expectation = (_offer, _exchange);
        (_offer, _exchange) = (null, null);
        return expectation;
    }

    /// <summary>Logs in with a name and a password.</summary>
    public async ValueTask<SmtpReply> LogInAsync(AccountName? name, string password, CancellationToken cancellation)
    {
        var (verdict, account) = await _attempts.TryAsync(name, password, cancellation);
        if (account is null)
            return Refusal(name, verdict);
        SpeakAs(account);
        return SmtpReplies.LoggedIn(account.Name.Text);
    }

    /// <summary>A login that cannot succeed: waits, and says so or ends the session.</summary>
    public async ValueTask<SmtpReply> RefuseAsync(AccountName name, CancellationToken cancellation) =>
        Refusal(name, await _attempts.FailAsync(cancellation));

    /// <summary>Carries an exchange on with a line from the client (RFC 4954 4).</summary>
    /// <param name="line">Base64, <c>*</c> to give up, or null for no response yet.</param>
    public async ValueTask<SmtpReply> RespondAsync(ISaslExchange exchange, string? line, CancellationToken cancellation)
    {
        if (line == "*")
            return SmtpReplies.ExchangeCancelled;
        var response = line is null ? null : SaslMechanisms.TryDecode(line);
        if (line is not null && response is null)
            return SmtpReplies.BadBase64;
        switch (exchange.Respond(response))
        {
            case SaslStep.Challenge challenge:
                _exchange = exchange;
                return SmtpReplies.Challenge(SaslMechanisms.Encode(challenge.Text));
            case SaslStep.Credentials credentials:
                return await LogInAsync(session.Services.Identity.AccountNameOf(credentials.Identity, out _), credentials.Password, cancellation);
            case SaslStep.OtherIdentity:
                return SmtpReplies.OtherIdentityRefused;
            default:
                return SmtpReplies.BadResponse;
        }
    }

    private SmtpReply Refusal(AccountName? name, LoginVerdict verdict)
    {
        session.Observer.LoginRefused(name?.Text ?? "");
        return verdict switch
        {
            LoginVerdict.Blocked => SmtpReplies.LoginsBlocked,
            LoginVerdict.RefusedForGood => SmtpReplies.TooManyFailedLogins(session.Services.Identity.Hostname),
            _ => SmtpReplies.LoginRefused,
        };
    }
}
