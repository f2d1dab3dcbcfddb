using MailServer.Core.Mail;
using Microsoft.Data.Sqlite;

namespace MailServer.Storage.Sqlite;

/// <summary>Makes the data directory and its files, readable by their owner only; what root makes there belongs to the directory's owner.</summary>
public static class DataDirectory
{
    // ENOSPC and EDQUOT of Linux.
    private const int NoRoom = 28;
    private const int NoQuota = 122;

    // Octets without which SQLite cannot open a store: it makes a file of shared memory.
    private const long LeastRoom = 64 * 1024;

    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the directory if it is missing. Throws <see cref="StoreFault"/>.</summary>
    public static void Create(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(directory);
            else
                Directory.CreateDirectory(directory, OwnerReadWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(directory, exception);
        }
    }

    /// <summary>Makes a folder in the data directory if it is missing. Throws what the system says about it.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerReadWrite | UnixFileMode.UserExecute);
        FileOwner.GiveFolder(path);
    }

    /// <summary>Opens a file, or makes it, for this process alone to write. Throws what the system says about it.</summary>
    /// <param name="owner">The folder whose owner it is given to; null: the one that it lies in.</param>
    public static FileStream OpenFile(string path, FileMode mode, FileShare share, string? owner = null)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerReadWrite;
        var file = new FileStream(path, options);
        FileOwner.Give(file.SafeFileHandle, path, owner ?? Path.GetDirectoryName(Path.GetFullPath(path))!);
        return file;
    }

    /// <summary>Throws <see cref="StoreFault"/> when something in the directory belongs to somebody who lets us not use it.</summary>
    public static void ThrowIfForeign(string directory)
    {
        if (Refusals(directory).FirstOrDefault() is { } refusal)
            throw new StoreFault(StoreFaultKind.Unavailable, $"{refusal.Problem}; {refusal.Remedy}");
    }

    /// <summary>Throws <see cref="StoreFault"/> when what lies in the store's place cannot be one. Nothing at all is no fault.</summary>
    public static void ThrowIfNoStore(string directory)
    {
        var store = Path.Combine(directory, SqliteStore.FileName);
        if (FileOwner.IsNoFile(store))
            throw new StoreFault(StoreFaultKind.Unavailable, $"{store} is no file; move it away");
        if (new FileInfo(store) is { Exists: true, Length: 0 })
            throw new StoreFault(StoreFaultKind.Unavailable, $"{store} is empty, as a copy that failed leaves it; restore the backup again, or delete the file to begin anew");
    }

    /// <summary>The fault for a directory that the system lets us not use.</summary>
    public static StoreFault Unusable(string directory, Exception cause) => IsFull(directory, cause)
        ? new(StoreFaultKind.Full, $"No room is left on the disk of the data directory {directory}; make room there", cause)
        : new(
            StoreFaultKind.Unavailable,
            Refusals(directory).FirstOrDefault() is { } refusal ? $"{refusal.Problem}; {refusal.Remedy}"
                : $"The data directory {directory} cannot be used: {cause.Message.TrimEnd('.')}; make it writable or choose another with --data",
            cause);

    /// <summary>The directory and its files that this process may not use, though a server must.</summary>
    public static IEnumerable<Finding> Refusals(string directory)
    {
        var store = Path.Combine(directory, SqliteStore.FileName);
        string[] own = [directory, store, store + "-wal", store + "-shm", .. DataDirectoryLock.Files(directory)];
        string[] folders = [Path.Combine(directory, "tls"), Path.Combine(directory, "logs")];
        return own.Concat(folders).Concat(folders.SelectMany(FilesIn)).Select(path => FileOwner.Refusal(path, directory)).OfType<Finding>();
    }

    // SQLite does not always say that it found no room.
    private static bool IsFull(string directory, Exception cause)
    {
        try
        {
            return cause is IOException { HResult: NoRoom or NoQuota } || (cause is SqliteException && new Disk(Path.GetFullPath(directory)).Look().Free < LeastRoom);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static string[] FilesIn(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder itself is refused before its files.
            return [];
        }
    }
}
