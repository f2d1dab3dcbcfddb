using MailServer.Core.Wire;

namespace MailServer.Core.Accounts;

/// <summary>Finds, makes and logs in accounts, and knows who may register. Shared by both daemons.</summary>
public sealed class AccountDirectory(IAccountStore store, PasswordVerifier passwords, RegistrationPolicy registration)
{
    /// <summary>True when this client may make accounts in conversation and speak as those without a password.</summary>
    public bool MayRegister(Peer peer) => registration.Allows(peer);

    /// <summary>The account of this name, or null.</summary>
    public ValueTask<Account?> FindAsync(AccountName name, CancellationToken cancellation) => store.FindAsync(name, cancellation);

    /// <summary>The account and the alias of this name.</summary>
    public ValueTask<NameEntry> LookUpAsync(AccountName name, CancellationToken cancellation) => store.LookUpAsync(name, cancellation);

    /// <summary>Makes an account, with a password or without. Null when the name is taken by now.</summary>
    public async ValueTask<Account?> CreateAsync(AccountName name, string? password, CancellationToken cancellation)
    {
        var hash = password is null ? null : await passwords.HashAsync(password, cancellation);
        return await store.AddAsync(name, hash, cancellation);
    }

    /// <summary>Gives an account a new password. False when the account is gone.</summary>
    public async ValueTask<bool> SetPasswordAsync(Account account, string password, CancellationToken cancellation) =>
        await store.SetPasswordHashAsync(account, await passwords.HashAsync(password, cancellation), cancellation);

    /// <summary>Gives an account that has no password its first one. The account as it is then; null when it is gone, or another was faster.</summary>
    public async ValueTask<Account?> ProtectAsync(Account account, string password, CancellationToken cancellation)
    {
        var hash = await passwords.HashAsync(password, cancellation);
        return await store.AddPasswordHashAsync(account, hash, cancellation) ? account with { PasswordHash = hash } : null;
    }

    /// <summary>
    /// The account that this name and password belong to, or null. An unknown name, an account without a password and a
    /// wrong password take like time and look alike, so that nobody learns which names exist.
    /// </summary>
    public async ValueTask<Account?> LogInAsync(AccountName? name, string password, CancellationToken cancellation)
    {
        var account = name is null ? null : await store.FindAsync(name, cancellation);
        if (account is not { State: AccountState.Protected, PasswordHash: { } hash })
        {
            await passwords.VerifyDummyAsync(password, cancellation);
            return null;
        }

        return await passwords.VerifyAsync(password, hash, cancellation) ? account : null;
    }

    /// <summary>Makes the postmaster's account, which nobody can log in to before it is given a password.</summary>
    public async ValueTask EnsurePostmasterAsync(CancellationToken cancellation) =>
        _ = await store.FindAsync(AccountName.Postmaster, cancellation)
            ?? await store.AddAsync(AccountName.Postmaster, Account.NoLogin, cancellation);
}
