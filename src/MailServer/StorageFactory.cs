using MailServer.Core.Mail;
using MailServer.Settings;
using MailServer.Storage.Memory;
using MailServer.Storage.Sqlite;

namespace MailServer;

/// <summary>Which stores there are, and how each is opened: the one file of the program that knows them by name.</summary>
internal static class StorageFactory
{
    /// <summary>The store that is used unless another is chosen.</summary>
    public const string Default = Sqlite;

    /// <summary>What can be chosen, for the help.</summary>
    public const string Form = Sqlite + "|" + Memory;

    private const string Sqlite = "sqlite";
    private const string Memory = "memory";

    /// <summary>A choice that there is. Throws <see cref="SettingFault"/>.</summary>
    public static string Parse(string text) => text switch
    {
        Sqlite or Memory => text,
        _ when IsUrl(text) => throw new SettingFault($"this version has no store on a database server; choose {Sqlite} or {Memory}"),
        _ => throw new SettingFault($"choose {Sqlite} or {Memory}"),
    };

    /// <summary>A choice without what is secret in it.</summary>
    public static string Shown(string text) => IsUrl(text) ? text[..text.IndexOf(':', StringComparison.Ordinal)] + "://***" : text;

    /// <summary>The data directory with the files that the store has in it.</summary>
    public static DataDirectory DirectoryOf(ServerSettings settings) =>
        new(settings.DataDirectory) { StoreFiles = Maintenance(settings).Files };

    /// <summary>
    /// Opens the store for the one server that holds its data directory: what broken transfers have left is removed.
    /// Throws <see cref="StoreFault"/>.
    /// </summary>
    /// <param name="tell">Told in one line what whoever runs the server should know: that the store was changed, or keeps nothing.</param>
    public static IMailStorage OpenForServer(ServerSettings settings, Action<string> tell)
    {
        switch (settings.Store)
        {
            case Sqlite:
                return SqliteStorage.Open(settings.DataDirectory, sweep: true, tell);
            case Memory:
                tell("Accounts and mail lie in memory: nothing of them is left when the server ends");
                return new MemoryStorage();
            default:
                throw Unknown(settings);
        }
    }

    /// <summary>Opens the store for a command, whether or not a server runs on it, and makes it where there is none. Throws <see cref="StoreFault"/>.</summary>
    /// <param name="tell">Told in one line what takes long, and what was changed.</param>
    public static IMailStorage OpenForCommand(ServerSettings settings, Action<string> tell) => settings.Store switch
    {
        Sqlite => SqliteStorage.Open(settings.DataDirectory, onMigration: tell),
        Memory => throw new StoreFault(StoreFaultKind.Unavailable, Sentence(new MemoryMaintenance().Absence!)),
        _ => throw Unknown(settings),
    };

    /// <summary>What commands do to the store as a whole.</summary>
    public static IStoreMaintenance Maintenance(ServerSettings settings) => settings.Store switch
    {
        Sqlite => new SqliteMaintenance(settings.DataDirectory),
        Memory => new MemoryMaintenance(),
        _ => throw Unknown(settings),
    };

    /// <summary>A finding as one line.</summary>
    public static string Sentence(Finding finding) => $"{finding.Problem}; {finding.Remedy}";

    private static InvalidOperationException Unknown(ServerSettings settings) => new($"There is no store {settings.Store}.");

    private static bool IsUrl(string text) => text.Contains("://", StringComparison.Ordinal);
}
