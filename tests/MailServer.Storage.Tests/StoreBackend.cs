using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Memory;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>A store that the contract suite runs against. Another one is a class here and a line a contract in Contracts.cs.</summary>
public interface IStoreBackend : IAsyncDisposable
{
    /// <summary>Octets of a message at which the store begins to keep it in another way.</summary>
    static abstract IReadOnlyList<int> Boundaries { get; }

    IMailStorage Store { get; }

    IMailStore Mail => Store.Mail;

    IAccountStore Accounts => Store.Accounts;

    /// <summary>Stops and starts the store, as far as it can be.</summary>
    ValueTask ReopenAsync();
}

public sealed class MemoryBackend : IStoreBackend
{
    public static IReadOnlyList<int> Boundaries => [];

    public IMailStorage Store { get; } = new MemoryStorage();

    public ValueTask ReopenAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}

public sealed class SqliteBackend : IStoreBackend
{
    private readonly TemporaryDirectory _directory = new();

    public SqliteBackend() => Store = SqliteStorage.Open(_directory.Path, sweep: true);

    public static IReadOnlyList<int> Boundaries => [Schema.ChunkSize, 2 * Schema.ChunkSize];

    public IMailStorage Store { get; private set; }

    public async ValueTask ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = SqliteStorage.Open(_directory.Path, sweep: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _directory.Dispose();
    }
}
