using MailServer.Core.Mail;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary>What the commands on the store as a whole have in common.</summary>
internal static class StoreArguments
{
    /// <summary>What can be done to a store that must be there. Throws <see cref="CommandFault"/>.</summary>
    public static IStoreMaintenance OpenExisting(ServerSettings settings)
    {
        if (!Directory.Exists(settings.DataDirectory))
            throw new CommandFault($"there is no data directory {settings.DataDirectory}; name the server's with --data");
        var maintenance = StorageFactory.Maintenance(settings);
        return maintenance.Absence is { } absence ? throw new CommandFault(StorageFactory.Sentence(absence)) : maintenance;
    }
}
