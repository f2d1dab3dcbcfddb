using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// An SQL statement, prepared once and run many times without an allocation per row. Parameters and columns are
/// counted as SQLite counts them: parameters from 1, columns from 0. Throws <see cref="SqliteException"/>.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const int LongestOnStack = 320;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, string? text)
    {
        if (text is null or "" or { Length: > LongestOnStack })
        {
            Check(text is null ? raw.sqlite3_bind_null(_statement, parameter) : raw.sqlite3_bind_text(_statement, parameter, text));
            return this;
        }

        // SQLite copies it; a copy on the heap before that would be one for every lookup.
        Span<byte> octets = stackalloc byte[Encoding.UTF8.GetMaxByteCount(LongestOnStack)];
        Check(raw.sqlite3_bind_text(_statement, parameter, octets[..Encoding.UTF8.GetBytes(text, octets)]));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> octets)
    {
        Check(raw.sqlite3_bind_blob(_statement, parameter, octets));
        return this;
    }

    /// <summary>Runs a statement that answers with no rows.</summary>
    /// <returns>The count of rows changed.</returns>
    public int Execute()
    {
        using var rows = Query();
        rows.Next();
        return raw.sqlite3_changes(_database);
    }

    /// <summary>Runs a query. Until the rows are disposed they keep a snapshot of the database open.</summary>
    public Rows Query() => new(this);

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);

    /// <summary>The rows of a query, one at a time.</summary>
    internal readonly ref struct Rows(Statement statement)
    {
        /// <summary>Goes on to the next row. False when there is none.</summary>
        public bool Next()
        {
            var result = raw.sqlite3_step(statement._statement);
            statement.Check(result);
            return result == raw.SQLITE_ROW;
        }

        public long Number(int column) => raw.sqlite3_column_int64(statement._statement, column);

        public string? Text(int column) => raw.sqlite3_column_text(statement._statement, column).utf8_to_string();

        public bool IsNull(int column) => raw.sqlite3_column_type(statement._statement, column) == raw.SQLITE_NULL;

        /// <summary>A column's octets where SQLite holds them: gone with the next row.</summary>
        public ReadOnlySpan<byte> Octets(int column) => raw.sqlite3_column_blob(statement._statement, column);

        // The result of a reset is that of the last step, which has been thrown by now.
        public void Dispose() => _ = raw.sqlite3_reset(statement._statement);
    }
}
