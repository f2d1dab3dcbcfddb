using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Group commit (leader and followers). The caller that finds the queue idle becomes the leader and commits all queued operations with one
/// fsync; the others await their result. When a batch fails, its operations are run again one by one, so that each fails for itself.
/// </summary>
internal sealed class CommitQueue : IThreadPoolWorkItem, IAsyncDisposable
{
    // Bounds what one commit writes (48 MiB if all are chunks), and so how long its callers wait.
    private const int MaxBatch = 256;

    private readonly Lock _lock = new();
    private readonly Queue<WriteOperation> _waiting = new();
    private readonly List<WriteOperation> _batch = new(MaxBatch);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<WriteConnection> _open;
    private WriteConnection? _connection;
    private bool _hasLeader;
    private bool _isClosed;

    /// <summary>Takes the connection over.</summary>
    /// <param name="open">Opens another one in its place.</param>
    public CommitQueue(WriteConnection connection, Func<WriteConnection> open) => (_connection, _open) = (connection, open);

    /// <summary>Tells of each commit, on the thread that made it: the count of operations and the time they took.</summary>
    public event Action<int, TimeSpan>? Committed;

    /// <summary>Tells, on the writer's thread, what failed beside the operations themselves; the writer goes on.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Told, on the writer's thread, what should be impossible. Unless it is set this ends the process.</summary>
    public Action<Exception> OnBroken { get; set; } = exception => Environment.FailFast("The writer of the mail store is broken", exception);

    /// <summary>
    /// Runs a write and returns its result once it is durable (fsynced). Cancelled before the call it never happens; later the
    /// cancellation is ignored. Blocks while it leads: it may commit the operations of other callers, too. Throws <see cref="StoreFault"/>.
    /// </summary>
    public async ValueTask<T> CommitAsync<T>(Func<WriteConnection, T> write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var operation = new WriteOperation<T>(write) { IsDurable = true };

        // Operations that were queued meanwhile are committed on the thread pool, so that the leader can return.
        if (TryLead(operation) && CommitNextBatch())
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return await operation.Done;
    }

    /// <inheritdoc cref="CommitAsync{T}"/>
    public async ValueTask CommitAsync(Action<WriteConnection> write, CancellationToken cancellation) =>
        _ = await CommitAsync(Returning(write), cancellation);

    /// <summary>
    /// Queues a write and returns at once; the task completes when it is committed, so that a caller can have several in flight. It is
    /// durable when a later <see cref="CommitAsync{T}"/> is. Throws <see cref="StoreFault"/>.
    /// </summary>
    public Task<T> Enqueue<T>(Func<WriteConnection, T> write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var operation = new WriteOperation<T>(write);
        if (TryLead(operation))
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return operation.Done;
    }

    /// <inheritdoc cref="Enqueue{T}"/>
    public Task Enqueue(Action<WriteConnection> write, CancellationToken cancellation) => Enqueue(Returning(write), cancellation);

    /// <summary>Commits what is queued, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            EndIfIdle();
        }

        await _ended.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (CommitNextBatch())
        {
            // Every turn is one commit.
        }
    }

    private static Func<WriteConnection, bool> Returning(Action<WriteConnection> write) => connection =>
    {
        write(connection);
        return true;
    };

    // Queues the operation. True when the caller becomes the leader.
    private bool TryLead(WriteOperation operation)
    {
        lock (_lock)
        {
            if (_isClosed)
                throw new StoreFault(StoreFaultKind.Unavailable, "The mail store is closed");
            _waiting.Enqueue(operation);
            var isFirst = !_hasLeader;
            _hasLeader = true;
            return isFirst;
        }
    }

    // False when nothing is left to do, and whoever comes next is the first again.
    private bool CommitNextBatch()
    {
        lock (_lock)
        {
            while (_batch.Count < MaxBatch && _waiting.TryDequeue(out var operation))
                _batch.Add(operation);
        }

        try
        {
            Commit(_batch);
        }
        catch (Exception exception)
        {
            // What was committed and what not is not known any more.
            OnBroken(exception);
            Close();
            FailAll(_batch, new StoreFault(StoreFaultKind.Unavailable, "The writer of the mail store is broken; start the server again", exception));
        }

        _batch.Clear();
        lock (_lock)
        {
            _hasLeader = _waiting.Count > 0;
            EndIfIdle();
            return _hasLeader;
        }
    }

    private void EndIfIdle()
    {
        if (!_isClosed || _hasLeader || _ended.Task.IsCompleted)
            return;
        Close();
        _ended.TrySetResult();
    }

    private void Commit(List<WriteOperation> batch)
    {
        var start = TimeProvider.System.GetTimestamp();
        if (Try(() => BeginTransaction(batch)) is { } refusal)
        {
            // Nothing can be written for now, whatever the operation.
            FailAll(batch, refusal);
        }
        else if (Try(() => RunTransaction(batch)) is not { } fault)
        {
            batch.ForEach(operation => operation.Complete());
            Tell(() => _connection!.Committed());
            Tell(() => Committed?.Invoke(batch.Count, TimeProvider.System.GetElapsedTime(start)));
        }
        else if (batch.Count == 1 || _connection is null)
        {
            FailAll(batch, fault);
        }
        else
        {
            batch.ForEach(operation => Commit([operation]));
        }
    }

    private void BeginTransaction(List<WriteOperation> batch)
    {
        _connection ??= _open();
        _connection.Begin(batch.Exists(operation => operation.IsDurable));
    }

    private void RunTransaction(List<WriteOperation> batch)
    {
        foreach (var operation in batch)
            operation.Run(_connection!);
        _connection!.Commit();
    }

    // Whatever an operation throws, its caller hears of it.
    private StoreFault? Try(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception exception)
        {
            RollBack();
            return SqliteFault.From(exception);
        }
    }

    // A connection that is left within a transaction is of no use to anybody. To close it undoes the transaction.
    private void RollBack()
    {
        try
        {
            _connection?.Rollback();
        }
        catch (Exception exception)
        {
            Tell(() => Failed?.Invoke(exception));
            Close();
        }
    }

    private void Close()
    {
        var connection = _connection;
        _connection = null;
        Tell(() => connection?.Dispose());
    }

    // An exception in an event handler must not fail a write.
    private void Tell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception exception)
        {
            try
            {
                Failed?.Invoke(exception);
            }
            catch (Exception)
            {
                // Nobody is left to be told.
            }
        }
    }

    private static void FailAll(List<WriteOperation> batch, StoreFault fault) => batch.ForEach(operation => operation.Fail(fault));
}
