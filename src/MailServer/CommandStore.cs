using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer;

/// <summary>The accounts of a store and their mail, as the commands use them. Owns the store.</summary>
internal sealed class CommandStore(IMailStorage store, PasswordVerifier passwords, RegistrationPolicy registration) : IAsyncDisposable
{
    public AccountDirectory Directory { get; } = new(store.Accounts, passwords, registration);

    public IAccountStore Store => store.Accounts;

    public IMailStore Mail => store.Mail;

    public async ValueTask DisposeAsync()
    {
        passwords.Dispose();
        await store.DisposeAsync();
    }
}
