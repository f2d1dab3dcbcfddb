namespace MailServer.Core.Accounts;

/// <summary>Where accounts and aliases lie. Every member may throw <see cref="Mail.StoreFault"/>, and nothing else but cancellation.</summary>
public interface IAccountStore
{
    /// <summary>The account of this name, compared by <see cref="AccountName.Key"/>, or null.</summary>
    ValueTask<Account?> FindAsync(AccountName name, CancellationToken cancellation);

    /// <summary>Adds an account, durable on return. Null when an account or an alias has the name.</summary>
    ValueTask<Account?> AddAsync(AccountName name, string? passwordHash, CancellationToken cancellation);

    /// <summary>Replaces the hash, durable on return. False when the account is gone.</summary>
    ValueTask<bool> SetPasswordHashAsync(Account account, string? passwordHash, CancellationToken cancellation);

    /// <summary>Gives a hash to an account that has none, durable on return. False when the account is gone, or has one by now.</summary>
    ValueTask<bool> AddPasswordHashAsync(Account account, string passwordHash, CancellationToken cancellation);

    /// <summary>Removes an account with all of its mail, also from the targets of aliases, durable on return. An alias without targets goes too. False when it was gone.</summary>
    ValueTask<bool> RemoveAsync(Account account, CancellationToken cancellation);

    /// <summary>Every account, in the order of the names' keys.</summary>
    ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellation);

    /// <summary>The account and the alias of this name.</summary>
    ValueTask<NameEntry> LookUpAsync(AccountName name, CancellationToken cancellation);

    /// <summary>Adds an alias, or gives it other targets, durable on return.</summary>
    ValueTask SetAliasAsync(Alias alias, CancellationToken cancellation);

    /// <summary>Removes an alias, durable on return. False when there was none.</summary>
    ValueTask<bool> RemoveAliasAsync(AccountName name, CancellationToken cancellation);

    /// <summary>Every alias, in the order of the names' keys; its targets are in the order of theirs.</summary>
    ValueTask<IReadOnlyList<Alias>> ListAliasesAsync(CancellationToken cancellation);
}
