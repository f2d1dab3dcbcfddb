namespace MailServer.Storage.Sqlite;

/// <summary>The writer's connection: transactions, and what operations do within one. One thread at a time.</summary>
internal sealed class WriteConnection : IDisposable
{
    private readonly StoreConnection _connection;
    private readonly IdSequence _ids;
    private readonly DiskReserve _reserve;
    private readonly Checkpointer _checkpointer;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private bool _isPromise = true;

    /// <summary>Takes the connection over; the second argument looks at its disk.</summary>
    public WriteConnection(StoreConnection connection, Func<DiskSpace> disk)
    {
        _connection = connection;
        _ids = new IdSequence(connection);
        _reserve = new DiskReserve(connection, disk);
        connection.Execute("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL");
        _checkpointer = new Checkpointer(connection, disk().Size);
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _rollback = connection.Prepare("ROLLBACK");
        Mail = new MailWrites(connection, _ids, _reserve);
        Accounts = new AccountWrites(connection, _ids, Mail);
    }

    public MailWrites Mail { get; }

    public AccountWrites Accounts { get; }

    /// <summary>Takes the write lock, which another process may hold for a while.</summary>
    /// <param name="isPromise">
    /// False when the commit need not reach the disk by itself: one that does takes along all that were made before it.
    /// </param>
    public void Begin(bool isPromise)
    {
        if (isPromise != _isPromise)
            _connection.Execute($"PRAGMA synchronous = {(isPromise ? "FULL" : "NORMAL")}");
        _isPromise = isPromise;
        _begin.Execute();
        _ids.Read();
        _reserve.Measure();
    }

    /// <summary>Commits what was done since <see cref="Begin"/>.</summary>
    public void Commit()
    {
        _ids.Write();
        _commit.Execute();
    }

    /// <summary>Sees to the log, after a commit that its callers know of.</summary>
    public void Committed() => _checkpointer.Committed();

    /// <summary>Undoes what was done since <see cref="Begin"/>, unless the error has done so already.</summary>
    public void Rollback()
    {
        if (_connection.IsInTransaction)
            _rollback.Execute();
    }

    /// <summary>Removes what broken transfers left behind.</summary>
    public void Sweep()
    {
        Begin(isPromise: true);
        Mail.RemoveUnfinished();
        Commit();
    }

    public void Dispose()
    {
        _checkpointer.Dispose();
        _connection.Dispose();
    }
}
