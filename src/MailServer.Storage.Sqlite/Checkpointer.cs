namespace MailServer.Storage.Sqlite;

/// <summary>
/// Checkpoints the write-ahead log into the database file, on another thread and while commits go on: a commit that did it would make
/// everybody wait for the copying of megabytes. The log starts over only when all of it has been checkpointed, which a steady
/// stream of commits prevents; so when it has grown long, the writer itself checkpoints the rest.
/// </summary>
/// <param name="size">Octets of the disk; on a small one the log is kept shorter.</param>
internal sealed class Checkpointer(StoreConnection writer, long size) : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Octets of the log from which the writer itself finishes the checkpoint; the log overshoots by what is written meanwhile.</summary>
    public const long MaxLength = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly long _pageSize = writer.Query<long>("PRAGMA page_size");
    private readonly long _maxLength = Math.Min(MaxLength, size / 32);
    private StoreConnection? _checkpointConnection;
    private bool _isDisposed;
    private volatile bool _isCheckpointing;
    private volatile bool _isLong;
    private long _pages;

    /// <summary>To be called by the writer between transactions.</summary>
    public void Committed()
    {
        if (_isCheckpointing)
            return;
        _pages += writer.TakePagesWritten();
        if (_isLong)
        {
            writer.Checkpoint();
            _isLong = false;
            _pages = 0;
        }
        else if (_pages * _pageSize > _maxLength / 4)
        {
            _pages = 0;
            _isCheckpointing = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Waits for a running checkpoint to end, and starts no more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _checkpointConnection?.Dispose();
        }
    }

    // What cannot be checkpointed now (full disk, another process at it) stays in the log and is durable there.
    void IThreadPoolWorkItem.Execute()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                try
                {
                    _checkpointConnection ??= OpenCarrier();
                    _isLong = _checkpointConnection.Checkpoint() * _pageSize > _maxLength;
                }
                catch (Core.Mail.StoreFault)
                {
                    // Out of file descriptors, say: the writer does it alone.
                    _isLong = true;
                }
            }

            _isCheckpointing = false;
        }
    }

    // A connection that has read nothing does not know of the log.
    private StoreConnection OpenCarrier()
    {
        var connection = StoreConnection.Open(writer.Path, isWriter: true);
        connection.Execute("SELECT 1 FROM store");
        return connection;
    }
}
