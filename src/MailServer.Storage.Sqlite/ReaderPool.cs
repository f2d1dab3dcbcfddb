using MailServer.Core.Mail;
using Microsoft.Data.Sqlite;

namespace MailServer.Storage.Sqlite;

/// <summary>Connections for reading, made on demand; some are kept with their statements prepared.</summary>
/// <param name="open">Opens one; null: as a sound store is opened.</param>
internal sealed class ReaderPool(string path, Func<string, StoreConnection>? open = null) : IDisposable
{
    private const int MaxKept = 8;

    // Mail is read once, front to back: only the pages that lead to it are worth keeping.
    private const int CacheKiB = 512;

    private readonly Lock _lock = new();
    private readonly Stack<ReadConnection> _kept = new(MaxKept);
    private bool _isDisposed;

    /// <summary>
    /// Reads over a connection of the pool. Throws <see cref="StoreFault"/>. The state is what the
    /// reading needs, passed along so that a hot path allocates no closure.
    /// </summary>
    public TResult Read<TState, TResult>(TState state, Func<ReadConnection, TState, TResult> read)
    {
        try
        {
            var connection = Rent();
            try
            {
                return read(connection, state);
            }
            finally
            {
                Return(connection);
            }
        }
        catch (SqliteException exception)
        {
            throw SqliteFault.From(exception);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            while (_kept.TryPop(out var connection))
                connection.Dispose();
        }
    }

    private ReadConnection Rent()
    {
        lock (_lock)
        {
            if (_isDisposed)
                throw new StoreFault(StoreFaultKind.Unavailable, "The mail store is closed");
            if (_kept.TryPop(out var kept))
                return kept;
        }

        var connection = open?.Invoke(path) ?? StoreConnection.Open(path, isWriter: false);
        connection.Execute($"PRAGMA cache_size = -{CacheKiB}");
        return new ReadConnection(connection);
    }

    private void Return(ReadConnection connection)
    {
        lock (_lock)
        {
            if (!_isDisposed && _kept.Count < MaxKept)
            {
                _kept.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }
}
