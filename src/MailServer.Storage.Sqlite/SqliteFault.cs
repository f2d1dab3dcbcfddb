using MailServer.Core.Mail;
using MailServer.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>The only map from what goes wrong in the store to the faults that its ports throw.</summary>
internal static class SqliteFault
{
    // Octets without which SQLite cannot open a store: it makes a file of shared memory.
    private const long LeastRoom = 64 * 1024;

    // The file of shared memory could not be grown.
    private const int SharedMemorySize = raw.SQLITE_IOERR | (19 << 8);

    /// <summary>True when what SQLite read cannot be part of a database: a page of the file is damaged.</summary>
    public static bool IsDamage(Exception? exception) => exception is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    /// <summary>The fault when a store could not be opened: often a file of it belongs to somebody else.</summary>
    public static StoreFault Opening(string path, Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_IOERR }
        ? Unusable(Path.GetDirectoryName(Path.GetFullPath(path))!, exception)
        : From(exception);

    public static StoreFault From(Exception exception) => exception switch
    {
        StoreFault fault => fault,
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } or SqliteException { SqliteExtendedErrorCode: SharedMemorySize } =>
            new StoreFault(StoreFaultKind.Full, "No room is left for the mail store; make room on its disk", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } =>
            new StoreFault(StoreFaultKind.Unavailable, "Another process is writing to the mail store", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY } =>
            new StoreFault(StoreFaultKind.Unavailable, "The mail store may not be written any more; mailserver check says which file it is, and what to do", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB } =>
            new StoreFault(StoreFaultKind.Unavailable, "The file mail.db of the data directory is no mail store; restore a backup", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT } =>
            new StoreFault(StoreFaultKind.Unavailable, "The file mail.db of the data directory is damaged; " + StoreCheck.Restore, exception),
        _ => new StoreFault(StoreFaultKind.Unavailable, $"The mail store fails: {exception.Message}", exception),
    };

    private static StoreFault Unusable(string directory, Exception exception) => DirectoryAccess.Unusable(
        directory, [directory, .. SqliteMaintenance.FilesIn(directory)], exception, isFull: exception is SqliteException && HasNoRoom(directory));

    // SQLite does not always say that it found no room.
    private static bool HasNoRoom(string directory)
    {
        try
        {
            return new Disk(directory).Look().Free < LeastRoom;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
