using MailServer.Core.Mail;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Whether the end of a store's file is there. SQLite rounds the count of a file's pages up and reads zeros in the place of what is
/// missing, which the next write would make part of a message.
/// </summary>
internal static class FileEnd
{
    /// <summary>How the file ends too early, in words; null when it does not. Throws <see cref="SqliteException"/> when it cannot be opened.</summary>
    public static string? Missing(StoreConnection connection)
    {
        var isShort = false;
        try
        {
            // The first look at a file: it opens the log, which nobody can take away from then on, and compares the count of pages.
            _ = Schema.Version(connection);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            isShort = true;
        }

        // Pages in the log need not be in the file yet: who was killed while he carried them over left it at any length.
        var file = connection.OpenedFile;
        if (!isShort && HasPages(file + "-wal"))
            return null;
        var length = new FileInfo(file).Length;
        if (isShort)
            return $"the file ends after {length} octets, before its last page";
        return length % connection.Query<long>("PRAGMA page_size") == 0 || HasPages(file + "-wal") ? null : $"the file ends after {length} octets, in the middle of a page";
    }

    /// <summary>Throws <see cref="StoreFault"/> when the file ends too early.</summary>
    public static void ThrowIfMissing(StoreConnection connection)
    {
        if (Missing(connection) is { } missing)
            throw new StoreFault(StoreFaultKind.Unavailable, $"The file mail.db of the data directory is damaged: {missing}; {StoreCheck.Restore}", new SqliteException(missing, raw.SQLITE_CORRUPT));
    }

    private static bool HasPages(string log) => new FileInfo(log) is { Exists: true, Length: > 0 };
}
