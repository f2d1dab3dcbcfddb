using System.Globalization;
using MailServer.Core.Mail.Formats;

namespace MailServer.Cli;

/// <summary>Finds the files that may hold mail: single ones, Maildirs, and trees of both.</summary>
/// <param name="onLeftOut">Told of everything that is not looked into, and why.</param>
internal sealed class MailFiles(Action<string, string> onLeftOut)
{
    private static readonly string[] _folders = ["cur", "new"];

    private static readonly string[] _foldersOfMaildir = ["cur", "new", "tmp"];

    // What Dovecot, Courier and Thunderbird keep beside mail.
    private static readonly string[] _namesAside =
        [DovecotUidList.FileName, "dovecot-uidvalidity", "dovecot-keywords", "dovecot-acl", "maildirsize", "maildirfolder", "subscriptions", "popstate.dat", "msgFilterRules.dat", "filterlog.html"];

    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>The files of a path that the command line names, in the order in which their messages should lie in a mailbox.</summary>
    public IEnumerable<MailFile> Find(string path) =>
        Directory.Exists(path) ? InFolder(path, isAside: false) : [new MailFile(path, LengthOf(new FileInfo(path)) ?? 0) { IsChosen = true }];

    // cur is what makes a Maildir; programs make the others when they need them.
    private static bool IsMaildir(string path) =>
        Directory.Exists(Path.Combine(path, "cur")) || (Directory.Exists(Path.Combine(path, "new")) && Directory.Exists(Path.Combine(path, "tmp")));

    private static bool IsHidden(string name) => name[0] == '.';

    private static bool IsAside(string name) =>
        IsHidden(name) || name.EndsWith(".msf", StringComparison.OrdinalIgnoreCase) || name.StartsWith("dovecot.index", StringComparison.Ordinal)
        || name.StartsWith("courierimap", StringComparison.Ordinal) || _namesAside.Contains(name);

    private static long? LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private List<MailFile> InFolder(string path, bool isAside)
    {
        var isMaildir = IsMaildir(path);
        var found = isMaildir ? InMaildir(path) : [];
        var entries = Entries(path).Where(entry => !isMaildir || !_foldersOfMaildir.Contains(entry.Name)).ToList();
        foreach (var file in entries.OfType<FileInfo>())
            found.Add(new MailFile(file.FullName, LengthOf(file) ?? 0) { IsAside = isAside || IsAside(file.Name), IsChosen = NumberOf(file.Name) is not null });
        // The folders of Maildir++ begin with a dot.
        foreach (var folder in entries.OfType<DirectoryInfo>())
            found.AddRange(InFolder(folder.FullName, isAside || (IsHidden(folder.Name) && !IsMaildir(folder.FullName))));
        return found;
    }

    private List<MailFile> InMaildir(string path)
    {
        var uniqueIds = ReadList(Path.Combine(path, DovecotUidList.FileName));
        var found = new List<MailFile>();
        foreach (var folder in _folders.Select(name => Path.Combine(path, name)).Where(Directory.Exists))
        {
            foreach (var entry in Entries(folder))
            {
                if (entry is FileInfo file && !IsHidden(file.Name))
                    found.Add(new MailFile(file.FullName, LengthOf(file) ?? 0) { Name = MaildirName.Parse(file.Name), UniqueIds = uniqueIds });
                else
                    onLeftOut(entry.FullName, "no Maildir has such a thing among its messages; name it on the command line if there is mail in it");
            }
        }

        return [.. found.OrderBy(file => uniqueIds?.OrderOf(file.Name!) ?? 0).ThenBy(file => file.Name!.Base, StringComparer.Ordinal)];
    }

    private DovecotUidList? ReadList(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var stream = new MailFile(path, 0).Open();
            if (stream.CanSeek)
                return DovecotUidList.Read(stream);
            onLeftOut(path, "it is no file on a disk");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            onLeftOut(path, exception.Message);
        }

        return null;
    }

    // What can be looked into, in the order of numbers and names.
    private List<FileSystemInfo> Entries(string path)
    {
        var entries = new List<FileSystemInfo>();
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", _everything))
            {
                if (Problem(entry) is { } problem)
                    onLeftOut(entry.FullName, problem);
                else
                    entries.Add(entry);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            onLeftOut(path, exception.Message);
        }

        return [.. entries.OrderBy(entry => NumberOf(entry.Name) ?? 0).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    // What MH and Cyrus call a message.
    private static long? NumberOf(string name) => long.TryParse(name.TrimEnd('.'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A link may lead out of the tree, or around in it. A name that is no UTF-8 comes with other signs in it, by which nothing is found.
    private static string? Problem(FileSystemInfo entry) =>
        !entry.Exists ? (entry.Name.Contains('\uFFFD', StringComparison.Ordinal) ? "its name is no UTF-8; rename it" : "it is gone")
        : entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? "links are not followed; name on the command line what it leads to"
        : null;
}
