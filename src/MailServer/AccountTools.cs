using MailServer.Core.Accounts;
using MailServer.Storage.Sqlite;

namespace MailServer;

/// <summary>The accounts of a store, as the commands use them. Owns the store.</summary>
internal sealed class AccountTools(SqliteStore store, PasswordVerifier passwords, RegistrationPolicy registration) : IAsyncDisposable
{
    public AccountDirectory Directory { get; } = new(store.Accounts, passwords, registration);

    public IAccountStore Store => store.Accounts;

    public async ValueTask DisposeAsync()
    {
        passwords.Dispose();
        await store.DisposeAsync();
    }
}
