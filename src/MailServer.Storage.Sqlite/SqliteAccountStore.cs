using MailServer.Core.Accounts;

namespace MailServer.Storage.Sqlite;

/// <summary>Accounts and aliases in mail.db.</summary>
internal sealed class SqliteAccountStore(CommitQueue queue, ReaderPool readers) : IAccountStore
{
    public ValueTask<Account?> FindAsync(AccountName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(readers.Read(name, static (connection, wanted) => connection.FindAccount(wanted)));
    }

    public ValueTask<Account?> AddAsync(AccountName name, string? passwordHash, CancellationToken cancellation) =>
        queue.CommitAsync(writer => writer.Accounts.Add(name, passwordHash), cancellation);

    public ValueTask<bool> SetPasswordHashAsync(Account account, string? passwordHash, CancellationToken cancellation) =>
        queue.CommitAsync(writer => writer.Accounts.SetPasswordHash(account, passwordHash), cancellation);

    public ValueTask<bool> AddPasswordHashAsync(Account account, string passwordHash, CancellationToken cancellation) =>
        queue.CommitAsync(writer => writer.Accounts.AddPasswordHash(account, passwordHash), cancellation);

    public ValueTask<bool> RemoveAsync(Account account, CancellationToken cancellation) =>
        queue.CommitAsync(writer => writer.Accounts.Remove(account), cancellation);

    public ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<Account>>(readers.Read(0, static (connection, _) => connection.ListAccounts()));
    }

    public ValueTask<NameEntry> LookUpAsync(AccountName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(readers.Read(name, static (connection, wanted) => connection.LookUp(wanted)));
    }

    public ValueTask SetAliasAsync(Alias alias, CancellationToken cancellation) =>
        queue.CommitAsync(writer => writer.Accounts.SetAlias(alias), cancellation);

    public ValueTask<bool> RemoveAliasAsync(AccountName name, CancellationToken cancellation) =>
        queue.CommitAsync(writer => writer.Accounts.RemoveAlias(name), cancellation);

    public ValueTask<IReadOnlyList<Alias>> ListAliasesAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<Alias>>(readers.Read(0, static (connection, _) => connection.ListAliases()));
    }
}
