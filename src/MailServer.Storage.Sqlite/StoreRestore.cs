using System.Globalization;
using MailServer.Core.Mail;
using MailServer.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>Makes a copy of a store the store of a data directory that has none.</summary>
internal static class StoreRestore
{
    private static readonly string[] _ends = ["", "-journal", "-wal", "-shm"];

    /// <summary>Copies the file, looks whether it is whole, and gives it the store's name. What was not restored leaves nothing behind.</summary>
    public static CopyResult Run(string directory, string file, CancellationToken cancellation)
    {
        if (SqliteMaintenance.FilesIn(directory).FirstOrDefault(Path.Exists) is { } present)
            return Refused($"{present} is there already", "restore into a data directory without a store");
        if (new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
            return Refused($"{file} is no backup: {file}-wal beside it belongs to it too", "make a backup of that store with mailserver backup, and restore that");
        using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var store = Path.Combine(directory, SqliteStorage.FileName);
        var made = string.Create(CultureInfo.InvariantCulture, $"{store}.{Environment.ProcessId}.new");
        try
        {
            Copy(source, made, cancellation);
            if (Prepare(made, file, cancellation) is { } refusal)
                return refusal;
            var length = StoreBackup.Flush(made);
            cancellation.ThrowIfCancellationRequested();
            File.Move(made, store, overwrite: false);
            return new CopyResult(length);
        }
        catch (SqliteException exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The restore was interrupted", exception, cancellation);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Opening(store, exception);
        }
        finally
        {
            foreach (var end in _ends)
                File.Delete(made + end);
        }
    }

    private static void Copy(FileStream source, string made, CancellationToken cancellation)
    {
        using var target = PrivateFiles.OpenGiven(made, FileMode.CreateNew, FileShare.None);
        var block = new byte[1024 * 1024];
        while (source.Read(block) is > 0 and var count)
        {
            cancellation.ThrowIfCancellationRequested();
            target.Write(block.AsSpan(0, count));
        }
    }

    // Null when the copy can be a store: then it has the mark by which it takes a new identity when it is first opened.
    private static CopyResult? Prepare(string made, string file, CancellationToken cancellation)
    {
        using (var connection = StoreConnection.Open(made, isWriter: true))
        {
            using var interruption = cancellation.Register(connection.Interrupt);
            try
            {
                if (FileEnd.Missing(connection) is { } missing)
                    return Refused($"{file} is damaged: {missing}", "restore another backup");
                var version = Schema.Version(connection);
                if (version == 0)
                    return Refused($"{file} is no mail store", "name a file that mailserver backup has written");
                Schema.ThrowIfNewer(version);
                if (connection.Query<string>("PRAGMA integrity_check(1)") is not "ok" and var damage)
                    return Refused($"{file} is damaged: {damage.ReplaceLineEndings(" ")}", "restore another backup");
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT)
            {
                return Refused($"{file} is no mail store, or is damaged: {exception.Message.TrimEnd('.')}", "name a file that mailserver backup has written");
            }
        }

        StoreBackup.MarkAsBackup(made);
        return null;
    }

    private static CopyResult Refused(string problem, string remedy) => new(0, new Finding(problem, remedy));
}
