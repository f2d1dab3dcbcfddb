using System.Globalization;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Files;
using Microsoft.Data.Sqlite;

namespace MailServer.Storage.Sqlite;

/// <summary>Accounts and mail in one SQLite file. Several processes may have it open; one writes at a time.</summary>
public sealed class SqliteStorage : IMailStorage
{
    /// <summary>The file that holds everything, in the data directory.</summary>
    public const string FileName = "mail.db";

    // A command waits for a server that is at its limit, rather than fail: nobody's conversation hangs on it.
    private const int PatientSeconds = 60;

    private static readonly Lock _creation = new();

    private readonly CommitQueue _queue;
    private readonly ReaderPool _readers;

    private SqliteStorage(CommitQueue queue, ReaderPool readers, string identity)
    {
        (_queue, _readers) = (queue, readers);
        Accounts = new SqliteAccountStore(queue, readers);
        Mail = new SqliteMailStore(queue, readers, identity);
    }

    public event Action<int, TimeSpan>? Committed
    {
        add => _queue.Committed += value;
        remove => _queue.Committed -= value;
    }

    public event Action<Exception>? Failed
    {
        add => _queue.Failed += value;
        remove => _queue.Failed -= value;
    }

    public void OnBroken(Action<Exception> end) => _queue.OnBroken = end;

    public IAccountStore Accounts { get; }

    public IMailStore Mail { get; }

    /// <summary>
    /// Opens DIR/mail.db, creating or migrating it, and the directory with it. Throws <see cref="StoreFault"/>. Sweeping removes what
    /// broken transfers left behind and is for the one server of the directory only: to any other process what the
    /// holder is just receiving looks broken.
    /// </summary>
    /// <param name="onMigration">Told in one line what takes long when the store is of an older version, and what was changed.</param>
    public static SqliteStorage Open(string directory, bool sweep = false, Action<string>? onMigration = null)
    {
        directory = Path.GetFullPath(directory);
        var path = Path.Combine(directory, FileName);
        Create(path);
        ThrowIfNoStore(directory);
        var connection = Connect();
        try
        {
            FileEnd.ThrowIfMissing(connection);
            Schema.Migrate(connection, onMigration);
            var writer = Writer(connection);
            if (sweep)
                writer.Sweep();
            var identity = Schema.Identity(connection);
            return new SqliteStorage(new CommitQueue(writer, Reopen), new ReaderPool(path), identity);
        }
        catch (Exception exception) when (exception is StoreFault or SqliteException or IOException or UnauthorizedAccessException)
        {
            connection.Dispose();
            throw SqliteFault.Opening(path, exception);
        }

        StoreConnection Connect() => StoreConnection.Open(path, isWriter: true, sweep ? StoreConnection.BusySeconds : PatientSeconds);

        WriteConnection Reopen()
        {
            var another = Connect();
            try
            {
                return Writer(another);
            }
            catch
            {
                another.Dispose();
                throw;
            }
        }

        WriteConnection Writer(StoreConnection of) => new(of, new Disk(directory).Look);
    }

    public async ValueTask DisposeAsync()
    {
        // The last connection to close carries the WAL over into the file, which a reader cannot.
        _readers.Dispose();
        await _queue.DisposeAsync();
    }

    /// <summary>Throws <see cref="StoreFault"/> when what lies in the store's place cannot be one, or may not be used. Nothing at all is no fault.</summary>
    internal static void ThrowIfNoStore(string directory)
    {
        var store = Path.Combine(directory, FileName);
        if (FileOwner.IsNoFile(store))
            throw new StoreFault(StoreFaultKind.Unavailable, $"{store} is no file; move it away");
        DirectoryAccess.ThrowIfDangling(store);
        if (new FileInfo(store) is { Exists: true, Length: 0 })
            throw new StoreFault(StoreFaultKind.Unavailable, $"{store} is empty, as a copy that failed leaves it; restore the backup again, or delete the file to begin anew");

        // SQLite opens what may not be written to read it, makes files beside it that may not be written either, and fails at the first write.
        if (DirectoryAccess.Refusals(directory, SqliteMaintenance.FilesIn(directory)).FirstOrDefault() is { } refusal)
            throw new StoreFault(StoreFaultKind.Unavailable, $"{refusal.Problem}; {refusal.Remedy}");
    }

    // What was committed last may lie in the log alone, and SQLite throws a log away that is older than its file.
    private static void ThrowIfLogAlone(string path)
    {
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 } log)
        {
            throw new StoreFault(
                StoreFaultKind.Unavailable,
                $"{path} is not there, but its log {log.Name} is, which may hold mail; put {FileName} back beside it, or move {log.Name} away to begin anew");
        }
    }

    // SQLite gives the files beside mail.db the same access rights. The file has its name once there is something in it: whatever
    // kills us, an empty mail.db is never ours. A file that exists is not even opened here: closing it would free the locks that
    // SQLite holds on it in this process.
    private static void Create(string path)
    {
        // The name of what is made is this process's alone, not this thread's.
        using var alone = _creation.EnterScope();
        if (Path.Exists(path))
            return;
        ThrowIfLogAlone(path);
        var made = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.new");
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);

            // A process of this number may have been killed here before.
            foreach (var rest in new[] { "", "-journal", "-wal", "-shm" })
                File.Delete(made + rest);
            PrivateFiles.OpenGiven(made, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
            using (var connection = StoreConnection.Open(made, isWriter: true))
                Schema.Begin(connection);
            File.Move(made, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
            File.Delete(made);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Opening(path, exception);
        }
    }
}
