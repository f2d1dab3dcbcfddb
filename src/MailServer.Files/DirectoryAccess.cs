using MailServer.Core.Mail;

namespace MailServer.Files;

/// <summary>Why a data directory, or something in it, cannot be used, in one line that says what to do.</summary>
public static class DirectoryAccess
{
    // ENOSPC and EDQUOT of Linux.
    private const int NoRoom = 28;
    private const int NoQuota = 122;

    /// <summary>Those of the paths that are there and that this process may not use.</summary>
    /// <param name="directory">The directory that they belong to, whose owner is the one who may.</param>
    public static IEnumerable<Finding> Refusals(string directory, IEnumerable<string> paths) =>
        paths.Select(path => FileOwner.Refusal(path, directory)).OfType<Finding>();

    /// <summary>Throws <see cref="StoreFault"/> for a link to nothing, behind which a new store would be taken for the one that is not mounted.</summary>
    public static void ThrowIfDangling(string path)
    {
        if (FileOwner.DeadLink(path) is { } target)
            throw new StoreFault(StoreFaultKind.Unavailable, $"{path} is a link to {target}, which is not there; mount what it lies on, or delete the link to begin anew");
    }

    /// <summary>The fault for a directory that the system lets us not use.</summary>
    /// <param name="paths">What the process needs of it.</param>
    /// <param name="isFull">True when the lack of room is known, though the cause does not tell of it.</param>
    public static StoreFault Unusable(string directory, IEnumerable<string> paths, Exception cause, bool isFull = false) =>
        isFull || cause is IOException { HResult: NoRoom or NoQuota }
            ? new(StoreFaultKind.Full, $"No room is left on the disk of the data directory {directory}; make room there", cause)
            : new(
                StoreFaultKind.Unavailable,
                File.Exists(directory) ? $"The data directory {directory} is a file; choose another with --data"
                    : Refusals(directory, paths).FirstOrDefault() is { } refusal ? $"{refusal.Problem}; {refusal.Remedy}"
                    : $"The data directory {directory} cannot be used: {cause.Message.TrimEnd('.')}; make it writable or choose another with --data",
                cause);
}
