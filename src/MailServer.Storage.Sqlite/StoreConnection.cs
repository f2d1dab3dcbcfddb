using MailServer.Core.Mail;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>A connection to mail.db with the statements that were prepared on it. One thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    /// <summary>How long a server waits while another process (the command line's) writes.</summary>
    public const int BusySeconds = 5;

    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];

    static StoreConnection()
    {
        Batteries_V2.Init();

        // A connection is used by one thread at a time, so SQLite need not take a lock at every call: that is a fifth of
        // the time of listing a maildrop. Where SQLite runs already it refuses, and locks as before.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
    }

    private StoreConnection(SqliteConnection connection) => _connection = connection;

    /// <summary>The database's file.</summary>
    public string Path => _connection.DataSource;

    /// <summary>The file that SQLite has opened, with every link followed; what it keeps beside it lies there.</summary>
    public string OpenedFile => raw.sqlite3_db_filename(_connection.Handle, "main").utf8_to_string();

    /// <summary>True between BEGIN and the end of the transaction, which some errors end by themselves.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Opens the database; a writer creates it if missing. Throws <see cref="StoreFault"/>.</summary>
    /// <param name="busySeconds">How long to wait while another process writes.</param>
    public static StoreConnection Open(string path, bool isWriter, int busySeconds = BusySeconds)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = isWriter ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadOnly,
            DefaultTimeout = busySeconds,
            Pooling = false,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, busySeconds * 1000);
            return new StoreConnection(connection);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw SqliteFault.Opening(path, exception);
        }
    }

    /// <summary>Opens the database to read what can still be read of it. Throws <see cref="StoreFault"/>.</summary>
    public static StoreConnection OpenToSalvage(string path)
    {
        var connection = Open(path, isWriter: false);

        // Of a file that lacks pages SQLite reads none at all, unless it is told that whoever asks knows what he does.
        connection.Execute("PRAGMA writable_schema = ON");
        return connection;
    }

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        var statement = new Statement(_connection.Handle!, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs statements that are needed once.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The one value that a query answers with, of SQLite's type for it.</summary>
    public T Query<T>(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    /// <summary>Pages that commits have written into the log since the last call.</summary>
    public int TakePagesWritten() =>
        raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 1) == raw.SQLITE_OK ? pages : 0;

    /// <summary>Carries over what can be carried without making anybody wait.</summary>
    /// <returns>Pages in the log, or less than one when that is not known.</returns>
    public int Checkpoint()
    {
        _ = raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out _);
        return pages;
    }

    /// <summary>Makes whatever the connection is just doing fail. May come from any thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_connection.Handle);

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _connection.Dispose();
    }
}
