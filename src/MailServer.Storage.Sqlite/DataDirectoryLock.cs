namespace MailServer.Storage.Sqlite;

/// <summary>A placeholder until the store lands.</summary>
public sealed class DataDirectoryLock : IDisposable
{
    /// <summary>
    /// Takes the data directory (created if missing) for this process until disposed. Throws <see cref="Core.Mail.StoreFault"/>
    /// whose message says in one line who holds it or why the directory cannot be used, and what to do.
    /// </summary>
    public static DataDirectoryLock Acquire(string directory) => new();

    public void Dispose()
    {
    }
}
