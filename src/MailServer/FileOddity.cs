using MailServer.Files;

namespace MailServer;

/// <summary>Says what a path leads to that is no file, where the system's error would be about rights or about another name.</summary>
internal static class FileOddity
{
    /// <summary>What is odd about a path, to go on behind its name: <c>is a folder</c>; null for a file, for nothing, and for what is not known.</summary>
    public static string? Of(string path)
    {
        if (Directory.Exists(path))
            return "is a folder";
        return FileOwner.DeadLink(path) is { } target ? $"is a link to {target}, which is not there" : null;
    }

    /// <summary>Why nothing can be made under a path, for want of the folder that it would lie in; null where that is there, or is not known.</summary>
    public static string? OfFolderAbove(string path)
    {
        if (Path.GetDirectoryName(path) is not { Length: > 0 } folder)
            return null;
        try
        {
            return File.GetAttributes(folder).HasFlag(FileAttributes.Directory) ? null
                : Of(folder) is { } oddity ? $"{folder} {oddity}; choose another path"
                : $"{folder} is no folder; choose another path";
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"the folder {folder} is not there; make it first, or choose another path";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Throws <see cref="IOException"/> for a pipe or its like: to open one waits for its writer, and no signal ends that. What the shell
    /// hands over (/dev/stdin, /dev/fd/63) has its writer.
    /// </summary>
    public static void ThrowIfPipe(string path)
    {
        if (!Directory.Exists(path) && FileOwner.IsNoFile(path) && !path.StartsWith("/dev/", StringComparison.Ordinal))
            throw new IOException($"{path} is a pipe, a socket or a device, and no file");
    }

    /// <summary>Why a file could not be read, with its name.</summary>
    public static string Reason(string path, Exception exception) => Of(path) is { } oddity ? $"{path} {oddity}" : exception.Message.TrimEnd('.');
}
