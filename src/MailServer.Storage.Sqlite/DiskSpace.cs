namespace MailServer.Storage.Sqlite;

/// <summary>What a disk has, in octets.</summary>
internal sealed record DiskSpace(long Free, long Size);

/// <summary>The disk of a directory. One thread at a time.</summary>
internal sealed class Disk(string directory)
{
    // More than can be written until it is looked at again.
    private const long Plenty = 1024 * 1024 * 1024;
    private static readonly TimeSpan _lookedAtAgain = TimeSpan.FromMilliseconds(100);

    private readonly DriveInfo _drive = new(OperatingSystem.IsWindows() ? Path.GetPathRoot(directory)! : directory);
    private DiskSpace? _last;
    private long _lookedAt;

    /// <summary>What is there; while there is plenty, what was there a moment ago.</summary>
    public DiskSpace Look()
    {
        if (_last is not { Free: > Plenty } || TimeProvider.System.GetElapsedTime(_lookedAt) > _lookedAtAgain)
            (_last, _lookedAt) = (new(_drive.AvailableFreeSpace, _drive.TotalSize), TimeProvider.System.GetTimestamp());
        return _last;
    }
}
