using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MailServer.Core.Accounts;

/// <summary>
/// Checks and makes password hashes off the I/O path, a bounded number at a time, and remembers a verified password
/// for ten minutes as an HMAC under a key of this process, so that a polling client costs microseconds.
/// The stored hash is part of what is remembered: a changed password counts at once.
/// </summary>
/// <param name="parallelism">How many hashes are computed at a time.</param>
/// <param name="scheduler">Where they are computed; null for the thread pool.</param>
public sealed class PasswordVerifier(IPasswordHasher hasher, TimeProvider clock, int parallelism = 1, TaskScheduler? scheduler = null) : IDisposable
{
    /// <summary>How long a verified password is remembered.</summary>
    public static readonly TimeSpan CacheDuration = TimeSpan.FromMinutes(10);

    // Enough for every client of a small server; when it is full the forgotten ones only cost a hash again.
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(parallelism);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private string? _unknownHash;

    /// <summary>True when the password belongs to the hash. Costs one hash computation, or none if remembered.</summary>
    public async ValueTask<bool> VerifyAsync(string password, string storedHash, CancellationToken cancellation)
    {
        var proof = Proof(password, storedHash);
        if (_remembered.TryGetValue(storedHash, out var known)
            && clock.GetUtcNow() < known.Until
            && CryptographicOperations.FixedTimeEquals(known.Proof, proof))
        {
            return true;
        }

        // bcrypt ignores what lies past its 72 octets, so a longer password must not match a shorter one.
        var isPossible = Passwords.Problem(password) is null;
        var isRight = await Run(() => hasher.Verify(password, storedHash), cancellation) && isPossible;
        if (isRight)
            Remember(storedHash, proof);
        return isRight;
    }

    /// <summary>Costs what <see cref="VerifyAsync"/> of a wrong password costs, for names that have no hash to compare.</summary>
    public async ValueTask VerifyDummyAsync(string password, CancellationToken cancellation)
    {
        var hash = _unknownHash ??= await HashAsync(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), cancellation);
        _ = await Run(() => hasher.Verify(password, hash), cancellation);
    }

    /// <summary>The hash of a new password.</summary>
    public ValueTask<string> HashAsync(string password, CancellationToken cancellation) =>
        Run(() => hasher.Hash(password), cancellation);

    public void Dispose() => _places.Dispose();

    private async ValueTask<T> Run<T>(Func<T> work, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(work, cancellation, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default);
        }
        finally
        {
            _places.Release();
        }
    }

    private byte[] Proof(string password, string storedHash) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(storedHash + "\0" + password));

    private void Remember(string storedHash, byte[] proof)
    {
        if (_remembered.Count >= MaxRemembered)
            _remembered.Clear();
        _remembered[storedHash] = new Remembered(proof, clock.GetUtcNow() + CacheDuration);
    }

    private sealed record Remembered(byte[] Proof, DateTimeOffset Until);
}
