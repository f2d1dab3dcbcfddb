using System.Threading.Channels;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// The one writer of this process: a thread that commits together whatever has come in while the last commit ran, so
/// that one fsync serves many callers. An operation that fails takes no other with it.
/// </summary>
internal sealed class CommitQueue : IAsyncDisposable
{
    private const int Capacity = 1024;

    // Bounds what one commit writes (48 MiB if all are chunks), and so how long its callers wait.
    private const int MaxBatch = 256;

    private readonly Channel<WriteOperation> _incoming = Channel.CreateBounded<WriteOperation>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteConnection _connection;

    /// <summary>Starts the writer, which owns the connection from now on.</summary>
    public CommitQueue(WriteConnection connection)
    {
        _connection = connection;
        new Thread(Run) { IsBackground = true, Name = "mail store writer" }.Start();
    }

    /// <summary>Tells of each commit, on the writer's thread: the count of operations and the time they took.</summary>
    public event Action<int, TimeSpan>? Committed;

    /// <summary>
    /// Runs a write and returns its result once that is on disk. Cancelled before the writer has it, it never happens;
    /// after that the cancellation is ignored. Throws <see cref="StoreFault"/>.
    /// </summary>
    public async ValueTask<T> RunAsync<T>(Func<WriteConnection, T> write, CancellationToken cancellation)
    {
        var operation = new WriteOperation<T>(write);
        await EnqueueAsync(operation, cancellation);
        return await operation.Done;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public async ValueTask RunAsync(Action<WriteConnection> write, CancellationToken cancellation) =>
        await await HandOverAsync(write, cancellation);

    /// <summary>Hands a write over and returns a task for its end on disk, so that a caller can be ahead of the writer.</summary>
    public async ValueTask<Task> HandOverAsync(Action<WriteConnection> write, CancellationToken cancellation)
    {
        var operation = new WriteOperation<bool>(connection =>
        {
            write(connection);
            return true;
        });
        await EnqueueAsync(operation, cancellation);
        return operation.Done;
    }

    /// <summary>Finishes what was handed over, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        await _ended.Task;
    }

    private async ValueTask EnqueueAsync(WriteOperation operation, CancellationToken cancellation)
    {
        try
        {
            await _incoming.Writer.WriteAsync(operation, cancellation);
        }
        catch (ChannelClosedException exception)
        {
            throw new StoreFault(StoreFaultKind.Unavailable, "The mail store is closed", exception);
        }
    }

    private void Run()
    {
        var batch = new List<WriteOperation>(MaxBatch);
        while (_incoming.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MaxBatch && _incoming.Reader.TryRead(out var operation))
                batch.Add(operation);
            Commit(batch);
            batch.Clear();
        }

        _connection.Dispose();
        _ended.SetResult();
    }

    private void Commit(List<WriteOperation> batch)
    {
        var start = TimeProvider.System.GetTimestamp();
        if (Try(_connection.Begin) is { } refusal)
        {
            // Nothing can be written for now, whatever the operation.
            batch.ForEach(operation => operation.Fail(refusal));
        }
        else if (Try(() => RunAndCommit(batch)) is not { } fault)
        {
            Committed?.Invoke(batch.Count, TimeProvider.System.GetElapsedTime(start));
            batch.ForEach(operation => operation.Complete());
        }
        else if (batch.Count == 1)
        {
            batch[0].Fail(fault);
        }
        else
        {
            batch.ForEach(operation => Commit([operation]));
        }
    }

    private void RunAndCommit(List<WriteOperation> batch)
    {
        foreach (var operation in batch)
            operation.Run(_connection);
        _connection.Commit();
    }

    // Whatever an operation throws, its caller hears of it and the writer lives on.
    private StoreFault? Try(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception exception)
        {
            _connection.Rollback();
            return SqliteFault.From(exception);
        }
    }
}
