using MailServer.Core.Accounts;
using MailServer.Core.Protocol.Sasl;

namespace MailServer.Core.Pop3;

/// <summary>What the client of a session said of who it is, on the way to its maildrop.</summary>
internal sealed class Pop3Login(Pop3Session session)
{
    private readonly LoginAttempts _attempts = new(session.Services, session.Peer);
    private ISaslExchange? _exchange;

    /// <summary>The name that USER gave, as given; null before.</summary>
    public string? User { get; set; }

    /// <summary>True when USER alone was enough to log in.</summary>
    public bool IsPasswordless { get; private set; }

    /// <summary>True when the next line is a SASL response.</summary>
    public bool IsExchanging => _exchange is not null;

    /// <summary>Nobody is named, and nothing is expected.</summary>
    public void Forget() => (User, _exchange) = (null, null);

    /// <summary>The exchange that the next line belongs to, or null; it holds for that line only.</summary>
    public ISaslExchange? TakeExchange()
    {
        var exchange = _exchange;
        _exchange = null;
        return exchange;
    }

    /// <summary>Opens the maildrop of whoever logged in.</summary>
    public async ValueTask<Pop3Reply> OpenAsync(Account account, CancellationToken cancellation)
    {
        if (await session.OpenAsync(account, cancellation) is { } refusal)
            return refusal;
        IsPasswordless = account.IsPasswordless;
        return Pop3Replies.LoggedIn(session.View.Count, session.View.Octets);
    }

    /// <summary>Logs in with a name and a password.</summary>
    public async ValueTask<Pop3Reply> LogInAsync(AccountName? name, string password, CancellationToken cancellation)
    {
        var (verdict, account) = await _attempts.TryAsync(name, password, cancellation);
        return account is null ? Refusal(name, verdict) : await OpenAsync(account, cancellation);
    }

    /// <summary>A login that cannot succeed: waits, and says so or ends the session.</summary>
    public async ValueTask<Pop3Reply> RefuseAsync(AccountName? name, CancellationToken cancellation) =>
        Refusal(name, await _attempts.FailAsync(cancellation));

    /// <summary>Carries an exchange on with a line from the client (RFC 5034 4).</summary>
    /// <param name="line">Base64, <c>*</c> to give up, or null for no response yet.</param>
    public async ValueTask<Pop3Reply> RespondAsync(ISaslExchange exchange, string? line, CancellationToken cancellation)
    {
        if (line == "*")
            return Pop3Replies.ExchangeCancelled;
        var response = line is null ? null : SaslMechanisms.TryDecode(line);
        if (line is not null && response is null)
            return Pop3Replies.BadBase64;
        switch (exchange.Respond(response))
        {
            case SaslStep.Challenge challenge:
                _exchange = exchange;
                return Pop3Replies.Challenge(SaslMechanisms.Encode(challenge.Text));
            case SaslStep.Credentials credentials:
                return await LogInAsync(session.Services.Identity.AccountNameOf(credentials.Identity, out _), credentials.Password, cancellation);
            case SaslStep.OtherIdentity:
                return Pop3Replies.OtherIdentityRefused;
            default:
                return Pop3Replies.BadResponse;
        }
    }

    private Pop3Reply Refusal(AccountName? name, LoginVerdict verdict)
    {
        session.Observer.LoginRefused(name?.Text ?? "");
        return verdict switch
        {
            LoginVerdict.Blocked => Pop3Replies.LoginsBlocked,
            LoginVerdict.RefusedForGood => Pop3Replies.TooManyFailedLogins,
            _ => Pop3Replies.LoginRefused,
        };
    }
}
