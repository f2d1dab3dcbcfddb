using System.Globalization;
using MailServer.Core.Mail.Formats;

namespace MailServer.Cli;

/// <summary>Finds the files that may hold mail: single ones, Maildirs, and trees of both.</summary>
/// <param name="onLeftOut">Told of everything that is not looked into, and why.</param>
internal sealed class MailFiles(Action<string, string> onLeftOut)
{
    private static readonly string[] _folders = ["cur", "new"];

    private static readonly string[] _foldersOfMaildir = ["cur", "new", "tmp"];

    // What Dovecot, Courier, Cyrus and Thunderbird keep beside mail.
    private static readonly string[] _startsAside = ["dovecot.", "dovecot-", "courierimap", "courierpop3", "cyrus."];

    private static readonly string[] _namesAside = ["maildirsize", "maildirfolder", "subscriptions", "popstate.dat", "msgFilterRules.dat", "filterlog.html"];

    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);

    // The real paths of folders: looking one up for every file of a large Maildir takes long.
    private readonly Dictionary<string, string> _realFolders = new(StringComparer.Ordinal);

    /// <summary>
    /// The files of the paths that the command line names, in the order in which their messages should lie in a mailbox. What several of them
    /// lead to is found once, and is what the most telling of them says.
    /// </summary>
    public IReadOnlyList<MailFile> Find(IEnumerable<string> paths)
    {
        var (found, places) = (new List<MailFile>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var file in paths.SelectMany(InPath))
        {
            if (places.TryAdd(RealOf(file.Path), found.Count))
            {
                found.Add(file);
                continue;
            }

            var place = places[RealOf(file.Path)];
            var known = found[place];
            var best = known.Name is null && file.Name is not null ? file : known;
            found[place] = best with { IsChosen = known.IsChosen || file.IsChosen, IsAside = known.IsAside && file.IsAside };
        }

        return found;
    }

    // cur is what makes a Maildir; programs make the others when they need them.
    private static bool IsMaildir(string path) =>
        Directory.Exists(Path.Combine(path, "cur")) || (Directory.Exists(Path.Combine(path, "new")) && Directory.Exists(Path.Combine(path, "tmp")));

    private static bool IsPartOf(string folder, string? maildir) => maildir is not null && _folders.Contains(Path.GetFileName(folder)) && IsMaildir(maildir);

    private static bool IsHidden(string name) => name[0] == '.';

    private static bool IsAside(string name) =>
        IsHidden(name) || name.EndsWith(".msf", StringComparison.OrdinalIgnoreCase) || _namesAside.Contains(name)
        || _startsAside.Any(start => name.StartsWith(start, StringComparison.Ordinal));

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

    private List<MailFile> InPath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var maildir = Path.GetDirectoryName(Directory.Exists(path) ? full : Path.GetDirectoryName(full));
        if (Directory.Exists(path))
            return IsPartOf(full, maildir) ? InMaildir(maildir!, [Path.GetFileName(full)]) : InFolder(path, isAside: false);
        var file = new MailFile(path, LengthOf(new FileInfo(path)) ?? 0) { IsChosen = true };
        // Whatever else lies among the messages of a Maildir is looked into.
        if (IsPartOf(Path.GetDirectoryName(full)!, maildir) && MaildirName.Parse(Path.GetFileName(full)) is { } name && (name.Flags.Length > 0 || name.DeliveredAt is not null))
            file = file with { Name = name, UniqueIds = ReadList(Path.Combine(maildir!, DovecotUidList.FileName)) };
        return [file];
    }

    // What lies in a folder is no link, unless the command line names it.
    private string RealOf(string path) => MailFilePath.LinkAt(path) is null ? InRealFolder(path) : MailFilePath.RealOf(path);

    private void LeaveOut(string path, string reason)
    {
        // Two names that are no UTF-8 may look the same.
        if (path.Contains('\uFFFD', StringComparison.Ordinal) || _leftOut.Add(InRealFolder(path)))
            onLeftOut(path, reason);
    }

    private string InRealFolder(string path)
    {
        var folder = Path.GetDirectoryName(path) ?? path;
        if (!_realFolders.TryGetValue(folder, out var real))
            _realFolders[folder] = real = MailFilePath.RealOf(folder);
        return Path.Combine(real, Path.GetFileName(path));
    }

    private List<MailFile> InFolder(string path, bool isAside)
    {
        var isMaildir = IsMaildir(path);
        var found = isMaildir ? InMaildir(path, _folders) : [];
        var entries = Entries(path).Where(entry => !isMaildir || !_foldersOfMaildir.Contains(entry.Name)).ToList();
        foreach (var file in entries.OfType<FileInfo>())
            found.Add(new MailFile(file.FullName, LengthOf(file) ?? 0) { IsAside = isAside || IsAside(file.Name), IsChosen = NumberOf(file.Name) is not null });
        // The folders of Maildir++ begin with a dot.
        foreach (var folder in entries.OfType<DirectoryInfo>())
            found.AddRange(InFolder(folder.FullName, isAside || (IsAside(folder.Name) && !IsMaildir(folder.FullName))));
        return found;
    }

    private List<MailFile> InMaildir(string path, string[] folders)
    {
        var uniqueIds = ReadList(Path.Combine(path, DovecotUidList.FileName));
        var found = new List<MailFile>();
        foreach (var folder in folders.Select(name => Path.Combine(path, name)).Where(Directory.Exists))
        {
            foreach (var entry in Entries(folder))
            {
                if (entry is FileInfo file && !IsHidden(file.Name))
                    found.Add(new MailFile(file.FullName, LengthOf(file) ?? 0) { Name = MaildirName.Parse(file.Name), UniqueIds = uniqueIds });
                else
                    LeaveOut(entry.FullName, "no Maildir has such a thing among its messages; name it on the command line if there is mail in it");
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
            LeaveOut(path, "it is no file on a disk");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LeaveOut(path, exception.Message);
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
                    LeaveOut(entry.FullName, problem);
                else
                    entries.Add(entry);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LeaveOut(path, exception.Message);
        }

        return [.. entries.OrderBy(entry => NumberOf(entry.Name) ?? 0).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    // What MH and Cyrus call a message.
    private static long? NumberOf(string name) => long.TryParse(name.TrimEnd('.'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A link may lead out of the tree, or around in it. A name that is no UTF-8 comes with other signs in it, by which nothing is found.
    private static string? Problem(FileSystemInfo entry) =>
        !entry.Exists ? (entry.Name.Contains('\uFFFD', StringComparison.Ordinal) ? "its name is no UTF-8; rename it" : "it is gone")
        : entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? DeadLink(entry.FullName) ?? "links are not followed; name on the command line what it leads to"
        : null;

    private static string? DeadLink(string path) => FileOddity.Of(path) is { } oddity && !Directory.Exists(path) ? "it " + oddity : null;
}
