namespace MailServer.Core.Accounts;

/// <summary>The failed logins of one session: each waits longer than the one before, and the last one ends the session.</summary>
public sealed class LoginAttempts(TimeProvider clock, int limit)
{
    private int _failures;

    /// <summary>Counts a failure and waits: one second after the first, two after the second.</summary>
    /// <returns>True when the session must end.</returns>
    public async ValueTask<bool> FailAsync(CancellationToken cancellation)
    {
        _failures++;
        if (_failures >= limit)
            return true;
        await Task.Delay(TimeSpan.FromSeconds(_failures), clock, cancellation);
        return false;
    }
}
