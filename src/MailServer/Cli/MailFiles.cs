using MailServer.Core.Mail;
using MailServer.Core.Mail.Formats;

namespace MailServer.Cli;

/// <summary>A file that may hold mail.</summary>
/// <param name="Length">Its octets when it was found.</param>
/// <param name="Name">Its name as a Maildir's file, when it is one.</param>
/// <param name="UniqueIds">What the Maildir knows about unique-ids.</param>
internal sealed record MailFile(string Path, long Length, MaildirName? Name = null, DovecotUidList? UniqueIds = null);

/// <summary>Finds the files that hold mail: single ones, Maildirs, and trees of both.</summary>
internal static class MailFiles
{
    private static readonly string[] _folders = ["cur", "new"];

    private const int Beginning = 16 * 1024;

    private static readonly string[] _fieldsOfMail = ["From", "Date", "Received", "Return-Path", "Message-ID", "Subject"];

    // Links are not followed: one may lead out of the tree, or around in it.
    private static readonly EnumerationOptions _here = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>The files of a path, in the order in which their messages should lie in a mailbox.</summary>
    /// <param name="onUnreadable">Told of a folder that cannot be read, and why.</param>
    public static IEnumerable<MailFile> Find(string path, Action<string, string> onUnreadable)
    {
        if (File.Exists(path))
            return [new MailFile(path, new FileInfo(path).Length)];
        try
        {
            // As a list, so that what cannot be read shows here.
            return IsMaildir(path) ? [.. OfMaildir(path), .. Folders(path).SelectMany(folder => Find(folder, onUnreadable))] : [.. OfTree(path, onUnreadable)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            onUnreadable(path, exception.Message);
            return [];
        }
    }

    /// <summary>True for an mbox, false for a single message, null for what is neither.</summary>
    public static async ValueTask<bool?> IsMboxAsync(Stream stream, CancellationToken cancellation)
    {
        var text = new byte[Beginning];
        var count = await stream.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellation);
        stream.Position = 0;
        return Sniff(text.AsSpan(0, count));
    }

    private static bool? Sniff(ReadOnlySpan<byte> text)
    {
        // An empty file is an mbox in which nothing lies.
        if (text.TrimStart("\r\n"u8) is var begun && (begun.IsEmpty || begun.StartsWith(FromLine.Start)))
            return true;
        foreach (var field in _fieldsOfMail)
        {
            if (HeaderFields.Find(text, field) is not null)
                return false;
        }

        return MovedFields.TryParse(text, out _) is null ? null : false;
    }

    private static bool IsMaildir(string path) => Directory.Exists(Path.Combine(path, "cur")) && Directory.Exists(Path.Combine(path, "new"));

    private static IEnumerable<MailFile> OfMaildir(string path)
    {
        var list = Path.Combine(path, DovecotUidList.FileName);
        DovecotUidList? uniqueIds = null;
        if (File.Exists(list))
        {
            using var stream = File.OpenRead(list);
            uniqueIds = DovecotUidList.Read(stream);
        }

        return _folders
            .SelectMany(folder => new DirectoryInfo(Path.Combine(path, folder)).EnumerateFiles("*", _here))
            .Where(file => file.Name[0] != '.')
            .Select(file => new MailFile(file.FullName, file.Length, MaildirName.Parse(file.Name), uniqueIds))
            .OrderBy(file => uniqueIds?.OrderOf(file.Name!) ?? 0)
            .ThenBy(file => file.Name!.Base, StringComparer.Ordinal);
    }

    // The folders of Maildir++ begin with a dot; other hidden folders hold no mail.
    private static IEnumerable<string> Folders(string path) => Directory.EnumerateDirectories(path, "*", _here)
        .Where(folder => Path.GetFileName(folder) is not ("cur" or "new" or "tmp") && (Path.GetFileName(folder)[0] != '.' || IsMaildir(folder)))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<MailFile> OfTree(string path, Action<string, string> onUnreadable)
    {
        // Thunderbird's indexes lie beside its folders.
        var files = new DirectoryInfo(path).EnumerateFiles("*", _here)
            .Where(file => file.Name[0] != '.' && !file.Name.EndsWith(".msf", StringComparison.OrdinalIgnoreCase))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new MailFile(file.FullName, file.Length));
        return files.Concat(Folders(path).SelectMany(folder => Find(folder, onUnreadable)));
    }
}
