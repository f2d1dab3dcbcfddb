using System.Runtime.InteropServices;
using System.Text;
using MailServer.Core.Mail.Formats;
using Microsoft.Win32.SafeHandles;

namespace MailServer.Cli;

/// <summary>A file that may hold mail.</summary>
/// <param name="Length">Its octets when it was found.</param>
internal sealed record MailFile(string Path, long Length)
{
    // O_NONBLOCK of Linux and of the BSDs: to open a pipe does not wait for its writer.
    private static readonly int _notBlocking = OperatingSystem.IsLinux() ? 0x800 | 0x80000 : OperatingSystem.IsMacOS() ? 0x4 | 0x1000000 : 0x4 | 0x100000;

    /// <summary>Its name as a Maildir's file, when it is one.</summary>
    public MaildirName? Name { get; init; }

    /// <summary>What the Maildir knows about unique-ids.</summary>
    public DovecotUidList? UniqueIds { get; init; }

    /// <summary>True when somebody says that it is mail: the command line, or its name, which is a number as those of MH and Cyrus are.</summary>
    public bool IsChosen { get => field || IsRemoved; init; }

    /// <summary>True for what programs keep beside mail: when it is no mail, nobody misses it.</summary>
    public bool IsAside { get; init; }

    /// <summary>
    /// True when its name says that it was removed from a folder of MH (rmm, MH-E, mutt), where it stays for some days: <c>,2</c>, or <c>#2</c> of
    /// old versions.
    /// </summary>
    public bool IsRemoved => Name is null && System.IO.Path.GetFileName(Path) is [',' or '#', .. { Length: > 0 } number] && number.All(char.IsAsciiDigit);

    /// <summary>True when its name says that it is one message.</summary>
    public bool IsNamedMessage => Path.EndsWith(".eml", StringComparison.OrdinalIgnoreCase) || IsNamedEmlx;

    /// <summary>True when its name says that it is Apple Mail's.</summary>
    public bool IsNamedEmlx => Path.EndsWith(Emlx.Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>When it was last written to.</summary>
    public DateTimeOffset WrittenAt => new(File.GetLastWriteTimeUtc(Path), TimeSpan.Zero);

    /// <summary>
    /// When its message was delivered, as a Maildir keeps it: the file's time. A file that was written to later than its name says was
    /// copied without its time.
    /// </summary>
    public DateTimeOffset DeliveredAt =>
        Name?.DeliveredAt is { } named && WrittenAt is var written && named > DateTimeOffset.UnixEpoch && written >= named.AddSeconds(1) ? named : WrittenAt;

    /// <summary>Opens it, even where programs write to it. A pipe that nobody writes to does not hold us up; it cannot be sought in.</summary>
    public FileStream Open()
    {
        if (!OperatingSystem.IsWindows())
        {
            var handle = new SafeFileHandle(OpenFile(Encoding.UTF8.GetBytes(Path + "\0"), _notBlocking), ownsHandle: true);
            if (!handle.IsInvalid)
                return new FileStream(handle, FileAccess.Read, bufferSize: 0);
            handle.Dispose();
        }

        // The attempt to open it says why.
        return new FileStream(Path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFile(byte[] path, int flags);
}
