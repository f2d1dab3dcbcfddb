using MailServer.Core.Accounts;
using MailServer.Core.Sessions.Sasl;
using MailServer.Core.Wire;

namespace MailServer.Core.Sessions;

/// <summary>How a login, or one step of it, ended.</summary>
public enum LoginResult
{
    /// <summary>The name and the password belong together.</summary>
    Accepted,

    /// <summary>The mechanism asks for a response.</summary>
    Challenge,

    /// <summary>They do not belong together; the client may try again.</summary>
    Refused,

    /// <summary>They do not, and the session has had its tries.</summary>
    RefusedForGood,

    /// <summary>The client's address has failed too often to be heard for now.</summary>
    Blocked,

    /// <summary>The client gave up (RFC 4954 4, RFC 5034 4).</summary>
    Cancelled,

    /// <summary>The response is not base64 of UTF-8.</summary>
    BadBase64,

    /// <summary>The response is not of the mechanism's form.</summary>
    BadResponse,

    /// <summary>The client asks to act for another account, which nobody may.</summary>
    OtherIdentity,
}

/// <summary>How a login, or one step of it, ended. Each protocol has its reply to it.</summary>
/// <param name="Account">Whose login was accepted.</param>
/// <param name="Challenge">The challenge in base64, where one is sent.</param>
public readonly record struct LoginOutcome(LoginResult Result, Account? Account = null, string Challenge = "");

/// <summary>The logins of one session: each failure waits longer than the one before, and the last one ends the session.</summary>
public sealed class LoginFlow(SessionServices services, Peer peer, ISessionObserver observer)
{
    private int _failures;

    /// <summary>Tries a name (null when it is not a valid account name) and a password. Waits after a failure.</summary>
    public async ValueTask<LoginOutcome> LogInAsync(AccountName? name, string password, CancellationToken cancellation)
    {
        if (services.Throttle.IsBlocked(peer))
            return Refused(name, LoginResult.Blocked);
        return await services.Accounts.LogInAsync(name, password, cancellation) is { } account
            ? new(LoginResult.Accepted, account)
            : await RefuseAsync(name, cancellation);
    }

    /// <summary>A login that cannot succeed: counts it and waits, one second after the first, two after the second.</summary>
    public async ValueTask<LoginOutcome> RefuseAsync(AccountName? name, CancellationToken cancellation)
    {
        services.Throttle.Fail(peer);
        _failures++;
        if (_failures >= services.Limits.FailedLogins)
            return Refused(name, LoginResult.RefusedForGood);
        await Task.Delay(TimeSpan.FromSeconds(_failures), services.Clock, cancellation);
        return Refused(name, LoginResult.Refused);
    }

    /// <summary>Carries a SASL exchange on with a line from the client (RFC 4954 4, RFC 5034 4).</summary>
    /// <param name="line">Base64, <c>*</c> to give up, or null for no response yet.</param>
    public async ValueTask<LoginOutcome> RespondAsync(ISaslExchange exchange, string? line, CancellationToken cancellation)
    {
        if (line == "*")
            return new(LoginResult.Cancelled);
        var response = line is null ? null : SaslMechanisms.TryDecode(line);
        if (line is not null && response is null)
            return new(LoginResult.BadBase64);
        return exchange.Respond(response) switch
        {
            SaslStep.Challenge challenge => new(LoginResult.Challenge, Challenge: SaslMechanisms.Encode(challenge.Text)),
            SaslStep.Credentials credentials =>
                await LogInAsync(services.Identity.AccountNameOf(credentials.Identity, out _), credentials.Password, cancellation),
            SaslStep.OtherIdentity => new(LoginResult.OtherIdentity),
            _ => new(LoginResult.BadResponse),
        };
    }

    private LoginOutcome Refused(AccountName? name, LoginResult result)
    {
        observer.LoginRefused(name?.Text ?? "");
        return new(result);
    }
}
