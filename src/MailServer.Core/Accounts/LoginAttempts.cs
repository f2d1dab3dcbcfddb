using MailServer.Core.Protocol;

namespace MailServer.Core.Accounts;

/// <summary>How a login ended.</summary>
public enum LoginVerdict
{
    /// <summary>The name and the password belong together.</summary>
    Accepted,

    /// <summary>They do not; the client may try again.</summary>
    Refused,

    /// <summary>They do not, and the session has had its tries.</summary>
    RefusedForGood,

    /// <summary>The client's address has failed too often to be heard for now.</summary>
    Blocked,
}

/// <summary>The logins of one session: each failure waits longer than the one before, and the last one ends the session.</summary>
public sealed class LoginAttempts(SessionServices services, Peer peer)
{
    private int _failures;

    /// <summary>Tries a name, null for one that cannot be, and a password.</summary>
    public async ValueTask<(LoginVerdict Verdict, Account? Account)> TryAsync(AccountName? name, string password, CancellationToken cancellation)
    {
        if (services.Throttle.IsBlocked(peer))
            return (LoginVerdict.Blocked, null);
        return await services.Accounts.LogInAsync(name, password, cancellation) is { } account
            ? (LoginVerdict.Accepted, account)
            : (await FailAsync(cancellation), null);
    }

    /// <summary>Counts a failure and waits: one second after the first, two after the second.</summary>
    public async ValueTask<LoginVerdict> FailAsync(CancellationToken cancellation)
    {
        services.Throttle.Fail(peer);
        _failures++;
        if (_failures >= services.Limits.FailedLogins)
            return LoginVerdict.RefusedForGood;
        await Task.Delay(TimeSpan.FromSeconds(_failures), services.Clock, cancellation);
        return LoginVerdict.Refused;
    }
}
