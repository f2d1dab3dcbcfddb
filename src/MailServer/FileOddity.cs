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

    /// <summary>Why a file could not be read, with its name.</summary>
    public static string Reason(string path, Exception exception) => Of(path) is { } oddity ? $"{path} {oddity}" : exception.Message.TrimEnd('.');
}
