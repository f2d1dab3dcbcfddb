using System.Globalization;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Files;

namespace MailServer;

/// <summary>Keeps other servers out of a data directory. The system frees it if the process is killed.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _holder;
    private bool _isDisposed;

    private DataDirectoryLock(FileStream file, string holder) => (_lock, _holder) = (file, holder);

    /// <summary>
    /// Takes the data directory (created if missing) for this process until disposed. Throws <see cref="StoreFault"/>
    /// whose message says in one line who holds it or why the directory cannot be used, and what to do.
    /// </summary>
    public static DataDirectoryLock Acquire(DataDirectory directory)
    {
        directory.Create();
        directory.ThrowIfForeign();
        try
        {
            var file = PrivateFiles.OpenGiven(directory.LockFile, FileMode.OpenOrCreate, FileShare.None);
            WriteHolder(directory.HolderFile);
            return new DataDirectoryLock(file, directory.HolderFile);
        }
        catch (IOException exception) when (IsHeldByAnother(exception))
        {
            throw new StoreFault(
                StoreFaultKind.Unavailable,
                $"The data directory {directory.Path} is in use by {ReadHolder(directory.HolderFile)}; stop it or choose another with --data",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw directory.Unusable(exception);
        }
    }

    public void Dispose()
    {
        // The second time the file beside the lock may be another process's.
        if (_isDisposed)
            return;
        _isDisposed = true;
        File.Delete(_holder);
        _lock.Dispose();
    }

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeldByAnother(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static void WriteHolder(string path)
    {
        var started = Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + " "
            + TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture) + "\n";
        using var file = PrivateFiles.OpenGiven(path, FileMode.Create, FileShare.Read);
        file.Write(Encoding.ASCII.GetBytes(started));
    }

    private static string ReadHolder(string path)
    {
        try
        {
            return "process " + File.ReadAllText(path).Split(' ')[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
