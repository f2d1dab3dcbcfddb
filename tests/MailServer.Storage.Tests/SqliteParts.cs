using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>The store's parts put together by hand, for tests that need one of them.</summary>
internal sealed class SqliteParts : IAsyncDisposable
{
    private readonly ReaderPool _readers;

    public SqliteParts(string path)
    {
        Connection = StoreConnection.Open(path, isWriter: true);
        Schema.Migrate(Connection);
        Queue = new CommitQueue(Writer(Connection), () => Writer(StoreConnection.Open(path, isWriter: true)));
        _readers = new ReaderPool(path);
        Mail = new SqliteMailStore(Queue, _readers, Schema.Identity(Connection));
        Accounts = new SqliteAccountStore(Queue, _readers);

        WriteConnection Writer(StoreConnection connection) => new(connection, () => new(FreeOnDisk, long.MaxValue));
    }

    /// <summary>The writer's own connection, for use while it is idle.</summary>
    public StoreConnection Connection { get; }

    /// <summary>What the store takes for the free octets of its disk.</summary>
    public long FreeOnDisk { get; set; } = long.MaxValue / 2;

    public CommitQueue Queue { get; }

    public IMailStore Mail { get; }

    public IAccountStore Accounts { get; }

    /// <summary>Keeps the writer busy until released, so that what is handed over meanwhile is committed together.</summary>
    public async Task<HeldWriter> HoldWriterAsync()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new HeldWriter();
        _ = Queue.Enqueue(
            _ =>
            {
                started.TrySetResult();
                held.WaitForRelease();
            },
            CancellationToken.None);
        await started.Task;
        return held;
    }

    public async ValueTask DisposeAsync()
    {
        _readers.Dispose();
        await Queue.DisposeAsync();
    }
}

/// <summary>The writer, kept from its work. Disposing releases it, so that a test that fails does not hang.</summary>
internal sealed class HeldWriter : IDisposable
{
    private readonly ManualResetEventSlim _released = new();

    public void WaitForRelease() => _released.Wait();

    public void Dispose() => _released.Set();
}
