using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Whom files belong to, on Linux; elsewhere nothing is known and nothing is changed. What root makes for a service is of no use
/// to it unless the service's user owns it.
/// </summary>
public static partial class FileOwner
{
    private const int Here = -100;
    private const int NoFollow = 0x100;
    private const int HandleItself = 0x1000;
    private const uint BasicFields = 0x7FF;
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

    /// <summary>Why this process may not use a file or folder of a data directory, and what to do, in one line; null when it may, or is not known.</summary>
    public static string? Refusal(string path, string directory)
    {
        if (!OperatingSystem.IsLinux() || Of(Here, path, 0) is not { } file || Of(Here, directory, 0) is not { } owner)
            return null;
        if (Access(path, Directory.Exists(path) ? ReadWriteSearch : ReadWrite) == 0)
            return null;
        var me = EffectiveUser();
        var remedy = owner.User == me ? $"as root, say chown -R {Name(me)} {directory}" : $"run this as {Name(owner.User)}, or as root";
        return $"{path} belongs to {Name(file.User)} and cannot be used by {Name(me)}; {remedy}";
    }

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

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    private sealed record Status(uint User, uint Group, uint Names, ulong File, ulong Device);
}
