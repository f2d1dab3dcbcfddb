using MailServer.Storage.Sqlite;

namespace MailServer.Cli;

/// <summary>What the commands on the store as a whole have in common.</summary>
internal static class StoreArguments
{
    /// <summary>Throws <see cref="CommandFault"/> when no store lies in the directory.</summary>
    public static void ThrowIfNone(string directory)
    {
        if (!Directory.Exists(directory))
            throw new CommandFault($"there is no data directory {directory}; name the server's with --data");
        if (!Path.Exists(Path.Combine(directory, SqliteStore.FileName)))
            throw new CommandFault($"there is no mail store in {directory}; name the server's data directory with --data");
    }
}
