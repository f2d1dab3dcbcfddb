using MailServer.Core.Mail;
using MailServer.Files;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary>What the commands on the store as a whole have in common.</summary>
internal static class StoreArguments
{
    /// <summary>What can be done to a store that must be there. Throws <see cref="CommandFault"/>, or <see cref="StoreFault"/> when this user may not look.</summary>
    public static IStoreMaintenance OpenExisting(ServerSettings settings)
    {
        ThrowIfHidden(settings);
        if (!Directory.Exists(settings.DataDirectory))
            throw new CommandFault($"there is no data directory {settings.DataDirectory}; name the server's with --data");
        var maintenance = StorageFactory.Maintenance(settings);
        return maintenance.Absence is { } absence ? throw new CommandFault(StorageFactory.Sentence(absence)) : maintenance;
    }

    /// <summary>Throws <see cref="CommandFault"/> for a place, whether or not a file is there yet, where the store or the server has its own.</summary>
    public static void ThrowIfUsed(ServerSettings settings, string target)
    {
        var directory = StorageFactory.DirectoryOf(settings);
        var path = MailFilePath.RealOf(target);
        if (directory.StoreFiles.Any(Is))
            throw new CommandFault($"{MailFilePath.Shown(target)} belongs to the store itself; choose another file");
        if (directory.ServerFiles.Concat([settings.TlsCertificate, settings.TlsKey]).OfType<string>().Any(Is) || directory.ServerFolders.Any(Holds))
            throw new CommandFault($"{MailFilePath.Shown(target)} belongs to the server; choose another file");

        bool Is(string file) => MailFilePath.RealOf(file) == path;

        bool Holds(string folder) => Is(folder) || path.StartsWith(MailFilePath.RealOf(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    /// <summary>Throws <see cref="StoreFault"/> when it cannot be known what lies in the data directory: this user may not enter it, or it is a link to nothing.</summary>
    public static void ThrowIfHidden(ServerSettings settings)
    {
        var directory = StorageFactory.DirectoryOf(settings);
        DirectoryAccess.ThrowIfDangling(directory.Path);
        try
        {
            foreach (var file in directory.StoreFiles.Take(1))
                _ = File.GetAttributes(file);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw directory.Unusable(exception);
        }
        catch (IOException)
        {
            // It is not there, which others tell.
        }
    }
}
