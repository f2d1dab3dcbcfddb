using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>Makes the data directory and its files, readable by their owner only.</summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the directory if it is missing. Throws <see cref="StoreFault"/>.</summary>
    public static void Create(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(directory);
            else
                Directory.CreateDirectory(directory, OwnerReadWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(directory, exception);
        }
    }

    /// <summary>Opens a file, or makes it, for this process alone to write.</summary>
    public static FileStream OpenFile(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerReadWrite;
        return new FileStream(path, options);
    }

    /// <summary>The fault for a directory that the system lets us not use.</summary>
    public static StoreFault Unusable(string directory, Exception cause) => new(
        StoreFaultKind.Unavailable,
        $"The data directory {directory} cannot be used: {cause.Message.TrimEnd('.')}; make it writable or choose another with --data",
        cause);
}
