using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;
using MailServer.Testing;

namespace MailServer.Storage.Tests;

/// <summary>A store that the contract suite runs against.</summary>
public interface IStoreBackend : IAsyncDisposable
{
    IMailStore Mail { get; }

    IAccountStore Accounts { get; }

    /// <summary>Stops and starts the store, as far as it can be.</summary>
    ValueTask ReopenAsync();
}

public sealed class InMemoryBackend : IStoreBackend
{
    private readonly InMemoryStore _store = new();

    public IMailStore Mail => _store;

    public IAccountStore Accounts => _store;

    public ValueTask ReopenAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class SqliteBackend : IStoreBackend
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteStore _store;

    public SqliteBackend() => _store = SqliteStore.Open(_directory.Path, sweep: true);

    public IMailStore Mail => _store.Mail;

    public IAccountStore Accounts => _store.Accounts;

    public async ValueTask ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = SqliteStore.Open(_directory.Path, sweep: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }
}
