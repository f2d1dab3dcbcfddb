namespace MailServer.Files;

/// <summary>Makes files and folders that only their owner can read. Every member throws what the system says about the path.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder, and those above it, unless it is there.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerReadWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Makes a folder unless it is there; if root does, it belongs to the owner of the folder that it lies in.</summary>
    public static void CreateGivenFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        CreateFolder(path);
        FileOwner.GiveFolder(path);
    }

    /// <summary>Opens a file, or makes it. One that is there keeps its access rights.</summary>
    /// <param name="bufferSize">Octets that are held back; 0 for none.</param>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 0)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerReadWrite;
        return new FileStream(path, options);
    }

    /// <summary>Opens a file, or makes it; if root does, it belongs to the owner of a folder.</summary>
    /// <param name="owner">The folder; null: the one that the file lies in.</param>
    public static FileStream OpenGiven(string path, FileMode mode, FileShare share, string? owner = null)
    {
        var file = Open(path, mode, FileAccess.ReadWrite, share);
        FileOwner.Give(file.SafeFileHandle, path, owner ?? Path.GetDirectoryName(Path.GetFullPath(path))!);
        return file;
    }

    /// <summary>Takes the access of others than its owner away from a file that something else has made, which root gives to the owner of its folder.</summary>
    public static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        File.SetUnixFileMode(file, OwnerReadWrite);
        FileOwner.Give(file, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>True when others than its owner may read or write a file that is there. Not known on Windows.</summary>
    public static bool IsOpenToOthers(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;
    }
}
