using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Whether there is room for more mail. Some is kept back: on a disk filled to its end the WAL could neither grow nor be
/// carried over into the file, and then nobody could delete mail to make room.
/// </summary>
internal sealed class Room(StoreConnection connection, Func<long> freeOnDisk)
{
    /// <summary>Octets kept back: a few times the WAL's usual size.</summary>
    public const long Reserve = 32 * 1024 * 1024;

    private readonly Statement _freePages = connection.Prepare("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");
    private bool _isLeft;

    /// <summary>Free octets of the disk that a directory lies on.</summary>
    public static long FreeOnDisk(string directory) =>
        new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(directory)! : directory).AvailableFreeSpace;

    /// <summary>Looks how much is free, on the disk and within the file.</summary>
    public void Measure()
    {
        using var rows = _freePages.Query();
        rows.Next();
        _isLeft = rows.Number(0) + freeOnDisk() >= Reserve;
    }

    /// <summary>Throws <see cref="StoreFault"/> when there is no room for more mail.</summary>
    public void ThrowIfNone()
    {
        if (!_isLeft)
            throw new StoreFault(StoreFaultKind.Full, $"Less than {Reserve >> 20} MiB are left for the mail store");
    }
}
