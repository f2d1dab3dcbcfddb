using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>A placeholder until the store lands.</summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private SqliteStore(string directory) => Directory = directory;

    public string Directory { get; }

    public IAccountStore Accounts => throw new NotSupportedException(Directory);

    public IMailStore Mail => throw new NotSupportedException(Directory);

    /// <summary>Opens DIR/mail.db, creating or migrating it and sweeping leftovers. Throws <see cref="StoreFault"/>.</summary>
    public static SqliteStore Open(string directory) => new(directory);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
