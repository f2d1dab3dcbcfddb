using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// The disk space that new mail must leave free. On a full disk the write-ahead log could neither grow nor be checkpointed, and then no mail
/// could be deleted to free space.
/// </summary>
internal sealed class DiskReserve(StoreConnection connection, Func<DiskSpace> disk)
{
    /// <summary>The most octets that are kept back: more than the log grows to. Of a small disk it is a quarter.</summary>
    public const long MaxReserve = 32 * 1024 * 1024;

    /// <summary>Octets that are kept back on a disk of this size.</summary>
    public static long Reserve(long size) => Math.Min(MaxReserve, size / 4);

    private readonly Statement _freePages = connection.Prepare("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");
    private bool _hasRoom;

    /// <summary>Looks how much is free, on the disk and within the file.</summary>
    public void Measure()
    {
        var (free, size) = disk();
        var reserve = Reserve(size);
        _hasRoom = free >= reserve || free + FreeInFile() >= reserve;
    }

    /// <summary>Throws <see cref="StoreFault"/> when there is no room for more mail.</summary>
    public void ThrowIfNoRoom()
    {
        if (!_hasRoom)
            throw new StoreFault(StoreFaultKind.Full, "The disk is full but for what is kept back so that mail can still be deleted");
    }

    private long FreeInFile()
    {
        using var rows = _freePages.Query();
        rows.Next();
        return rows.Number(0);
    }
}
