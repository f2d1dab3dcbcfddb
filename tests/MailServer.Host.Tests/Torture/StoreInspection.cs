using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MailServer.Host.Tests.Torture;

/// <summary>Looks into a store without the program's own code, which may be what is wrong.</summary>
internal static class StoreInspection
{
    private static readonly (string Fault, string Sql)[] _counts =
    [
        ("chunks without a message", "SELECT count(*) FROM chunks WHERE id / 65536 NOT IN (SELECT id FROM messages)"),
        ("unfinished messages", "SELECT count(*) FROM messages WHERE copies = 0"),
        ("messages whose copies are miscounted", "SELECT count(*) FROM messages m WHERE copies <> (SELECT count(*) FROM maildrop WHERE message_id = m.id)"),
        ("maildrop entries without a message", "SELECT count(*) FROM maildrop WHERE message_id NOT IN (SELECT id FROM messages)"),
        ("messages whose size is not their chunks'",
            "SELECT count(*) FROM messages m WHERE copies > 0 AND size <> (SELECT sum(length(octets)) FROM chunks WHERE id / 65536 = m.id)"),
    ];

    /// <summary>What <c>integrity_check</c> says about the files as a killed server left them; they are copied, so that nothing is repaired.</summary>
    public static string IntegrityAfterKill(string data)
    {
        var copy = Directory.CreateTempSubdirectory("mailserver-inspection-");
        try
        {
            foreach (var file in Directory.GetFiles(data, "mail.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            using var connection = Open(copy.FullName, SqliteOpenMode.ReadWrite);
            return Query(connection, "PRAGMA integrity_check");
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    /// <summary>Everything in a store that belongs to no message in a maildrop, in words. Empty when all is well.</summary>
    public static IReadOnlyList<string> Leftovers(string data)
    {
        using var connection = Open(data, SqliteOpenMode.ReadWrite);
        return [.. _counts.Select(row => (row.Fault, Count: Query(connection, row.Sql))).Where(row => row.Count != "0").Select(row => $"{row.Count} {row.Fault}")];
    }

    private static SqliteConnection Open(string data, SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "mail.db"), Mode = mode, Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are all in this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }
}
