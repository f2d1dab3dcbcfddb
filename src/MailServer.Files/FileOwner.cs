using System.Globalization;
using System.Runtime.InteropServices;
using MailServer.Core.Mail;
using Microsoft.Win32.SafeHandles;

namespace MailServer.Files;

/// <summary>
/// What files are and whom they belong to, on Linux; elsewhere little is known and nothing is changed. What root makes for a service is of no use
/// to it unless the service's user owns it.
/// </summary>
public static partial class FileOwner
{
    private const int Here = -100;
    private const int NoFollow = 0x100;
    private const int HandleItself = 0x1000;
    private const uint BasicFields = 0x7FF;
    private const int KindMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int NotThere = 2;
    private const int Denied = 13;
    private const int ReadOnlyDisk = 30;
    private const int Existence = 0;
    private const int ReadWrite = 6;
    private const int ReadWriteSearch = 7;

    /// <summary>
    /// Gives a file that this process, as root, has made to the owner of a folder. Nothing else is given away: not what a link points
    /// to, nor what has another name besides, which the folder's owner may have put there for root to hand over.
    /// </summary>
    public static void Give(SafeFileHandle file, string path, string folder)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return;
        if (Of((int)file.DangerousGetHandle(), "", HandleItself) is { User: 0, Names: 1 } made
            && Of(Here, path, NoFollow) is { } named && (made.Device, made.File) == (named.Device, named.File)
            && Of(Here, folder, 0) is { User: not 0 } owner)
        {
            _ = ChangeOwner((int)file.DangerousGetHandle(), owner.User, owner.Group);
        }
    }

    /// <summary>Gives a folder that this process, as root, has made to the owner of the folder that it lies in.</summary>
    public static void GiveFolder(string path)
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Of(Here, Path.GetDirectoryName(Path.GetFullPath(path))!, 0) is { User: not 0 } owner)
            _ = ChangeLinkOwner(path, owner.User, owner.Group);
    }

    /// <summary>Why this process may not use a file or folder of a data directory, and what to do; null when it may, or is not known.</summary>
    public static Finding? Refusal(string path, string directory)
    {
        if (!OperatingSystem.IsLinux() || Of(Here, path, 0) is not { } file || Of(Here, directory, 0) is not { } owner)
            return null;
        var isFolder = Directory.Exists(path);
        if (Access(path, isFolder ? ReadWriteSearch : ReadWrite) == 0)
            return null;
        var error = Marshal.GetLastPInvokeError();

        // Another process has taken it away meanwhile.
        if (error == NotThere)
            return null;
        if (error == ReadOnlyDisk)
            return new Finding($"{path} lies on a read-only file system", "mount that writable (mount -o remount,rw), or choose another directory with --data");
        var me = EffectiveUser();
        if (file.User == me)
            return new Finding($"{path} may not be read and written by its own owner {Name(me)}", $"say chmod u+{(isFolder ? "rwx" : "rw")} {path}");
        var remedy = owner.User == me ? $"as root, say chown -R {Name(me)} {directory}"
            : owner.User == 0 ? "run this as root"
            : $"run this as {Name(owner.User)}, or as root";
        return new Finding($"{path} belongs to {Name(file.User)} and cannot be used by {Name(me)}", remedy);
    }

    /// <summary>True when something is there, also behind a link, that is no regular file: a folder, a pipe, a socket, a device.</summary>
    public static bool IsNoFile(string path) =>
        Directory.Exists(path) || (OperatingSystem.IsLinux() && Of(Here, path, 0) is { } found && (found.Mode & KindMask) != RegularFile);

    /// <summary>What a link says that it leads to when nothing is there; null for everything else, and where this process may not look.</summary>
    public static string? DeadLink(string path)
    {
        string? target = null;
        try
        {
            var full = Path.GetFullPath(path);
            target = new FileInfo(full).LinkTarget;
            return target is null || LeadsSomewhere(full) ? null : target;
        }
        catch (IOException)
        {
            // It leads around in a circle.
            return target;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What tells an open file that has several names (hard links) from every other; null when it has one, or where it is not known.</summary>
    public static (ulong Device, ulong File)? IdentityOf(SafeFileHandle file) =>
        OperatingSystem.IsLinux() && Of((int)file.DangerousGetHandle(), "", HandleItself) is { Names: > 1 } found ? (found.Device, found.File) : null;

    // What exists according to File and Path may be the link itself. Where a link leads through others, .. is not what its text says.
    private static bool LeadsSomewhere(string link) => OperatingSystem.IsWindows()
        ? Path.Exists(File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName)
        : Access(link, Existence) == 0 || Marshal.GetLastPInvokeError() == Denied;

    private static string Name(uint user)
    {
        var number = user.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return number;
        }
    }

    // The layout of statx is the same on every processor, unlike that of stat.
    private static Status? Of(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[256];
        try
        {
            return Statx(folder, path, flags, BasicFields, ref MemoryMarshal.GetReference(status)) != 0
                ? null
                : new Status(
                    User: MemoryMarshal.Read<uint>(status[20..]),
                    Group: MemoryMarshal.Read<uint>(status[24..]),
                    Names: MemoryMarshal.Read<uint>(status[16..]),
                    Mode: MemoryMarshal.Read<ushort>(status[28..]),
                    File: MemoryMarshal.Read<ulong>(status[32..]),
                    Device: MemoryMarshal.Read<ulong>(status[136..]));
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "fchown")]
    private static partial int ChangeOwner(int file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeLinkOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    private sealed record Status(uint User, uint Group, uint Names, ushort Mode, ulong File, ulong Device);
}
