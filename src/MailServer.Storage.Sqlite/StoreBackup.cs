using System.Globalization;
using MailServer.Core.Mail;
using MailServer.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>Copies the store of a data directory into one file, whether or not a server is running on it.</summary>
public static class StoreBackup
{
    // How every database begins.
    private static ReadOnlySpan<byte> Beginning => "SQLite format 3\0"u8;

    // What SQLite calls a limit of the size of files, or of what a user may write.
    private const int WriteFault = raw.SQLITE_IOERR | (3 << 8);

    /// <summary>
    /// Writes everything that was committed before the call into a file for its owner only. It has its name once it is whole and
    /// on disk; what had that name before is replaced. A damaged store is not copied: what was copied before may be all that is left of
    /// its mail. Throws <see cref="StoreFault"/>, or what the system says about the file.
    /// </summary>
    /// <returns>Octets of the file.</returns>
    public static long Write(string directory, string file, CancellationToken cancellation)
    {
        var target = Path.GetFullPath(file);
        SqliteStorage.ThrowIfNoStore(directory);
        var temporary = string.Create(CultureInfo.InvariantCulture, $"{target}.{Environment.ProcessId}.partial");
        PrivateFiles.OpenGiven(temporary, FileMode.CreateNew, FileShare.None, owner: directory).Dispose();
        try
        {
            Copy(Path.Combine(directory, SqliteStorage.FileName), temporary, cancellation);
            MarkAsBackup(temporary);
            var length = Flush(temporary);
            cancellation.ThrowIfCancellationRequested();
            File.Move(temporary, target, overwrite: true);
            return length;
        }
        catch (SqliteException exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The backup was interrupted", exception, cancellation);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_FULL || exception.SqliteExtendedErrorCode is WriteFault)
        {
            // The store is only read.
            throw new StoreFault(StoreFaultKind.Full, $"No room is left for {target}, and nothing was written; make room there or choose another disk", exception);
        }
        catch (SqliteException exception)
        {
            throw SqliteFault.From(exception);
        }
        finally
        {
            // SQLite leaves its journal behind where the disk is full.
            foreach (var rest in new[] { "", "-journal", "-wal", "-shm" })
                File.Delete(temporary + rest);
        }
    }

    /// <summary>Why what has the name of a file must not be replaced by a backup; null for an older one, for what is empty, and for nothing.</summary>
    public static Finding? RefusalToReplace(string file)
    {
        if (!File.Exists(file))
            return null;
        using var there = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var octets = new byte[Beginning.Length];
        return there.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false) == 0 || Beginning.SequenceEqual(octets)
            ? null
            : new Finding($"{file} is no backup, so nothing replaces it", "choose another name, or delete it first");
    }

    // VACUUM INTO reads one snapshot, waits for nobody and lets nobody wait, and leaves out what was deleted.
    private static void Copy(string store, string file, CancellationToken cancellation)
    {
        using var connection = StoreConnection.Open(store, isWriter: false);
        if (FileEnd.Missing(connection) is { } missing)
            throw Damaged(new Finding(missing, StoreCheck.Restore));
        Schema.ThrowIfForeign(connection);
        Schema.ThrowIfNewer(Schema.Version(connection));
        using var interruption = cancellation.Register(connection.Interrupt);
        cancellation.ThrowIfCancellationRequested();
        if (StoreCheck.Damage(connection) is { } damage)
            throw Damaged(damage);
        cancellation.ThrowIfCancellationRequested();
        using var copy = connection.Prepare("VACUUM INTO ?1");
        copy.Bind(1, file).Execute();
    }

    private static StoreFault Damaged(Finding damage) =>
        new(StoreFaultKind.Unavailable, $"The mail store is damaged, and nothing was written: {damage.Problem}; {damage.Remedy}");

    // One file alone: no WAL beside it that would have to be copied too.
    internal static void MarkAsBackup(string file)
    {
        using var connection = StoreConnection.Open(file, isWriter: true);
        if (Schema.Version(connection) < Schema.CurrentVersion)
            Schema.Migrate(connection);
        connection.Execute("PRAGMA journal_mode = DELETE; UPDATE store SET is_backup = 1");
    }

    internal static long Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
        return stream.Length;
    }
}
