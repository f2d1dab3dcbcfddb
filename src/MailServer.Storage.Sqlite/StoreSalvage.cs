using System.Security.Cryptography;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Reads what can still be read of a mailbox, whether or not a server could start on the store. Writes nothing, unless the store is of an
/// older version.
/// </summary>
internal static class StoreSalvage
{
    // An index may be damaged where its table is not, and the table behind the account or before it.
    private static readonly string[] _waysToAccount = ["WHERE key = ?1", "NOT INDEXED WHERE key = ?1 ORDER BY id", "NOT INDEXED WHERE key = ?1 ORDER BY id DESC"];

    /// <inheritdoc cref="IStoreMaintenance.SalvageAsync"/>
    public static async ValueTask<SalvagedMaildrop?> OpenAsync(string directory, AccountName name, Action<string> tell)
    {
        SqliteStorage.ThrowIfNoStore(directory);
        var path = Path.Combine(directory, SqliteStorage.FileName);
        try
        {
            if (VersionOf(path) < Schema.CurrentVersion)
                await SqliteStorage.Open(directory, onMigration: tell).DisposeAsync();
            return Open(path, name);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new StoreFault(StoreFaultKind.Unavailable, $"The file mail.db of the data directory is damaged so that no mail of {name} can be found; restore a backup", exception);
        }
        catch (SqliteException exception)
        {
            throw SqliteFault.Opening(path, exception);
        }
    }

    private static long VersionOf(string path)
    {
        using var connection = StoreConnection.OpenToSalvage(path);

        // Names of tables may be among what is missing.
        if (FileEnd.Missing(connection) is null)
            Schema.ThrowIfForeign(connection);
        var version = Schema.Version(connection);
        Schema.ThrowIfNewer(version);
        return version;
    }

    private static SalvagedMaildrop? Open(string path, AccountName name)
    {
        using var connection = StoreConnection.OpenToSalvage(path);
        if (Find(connection, name) is not { } account)
            return null;
        var readers = new ReaderPool(path, StoreConnection.OpenToSalvage);
        try
        {
            var (rows, isWhole) = readers.Read(account.Id, static (reader, id) => reader.SalvageMaildrop(id));
            var store = new SqliteMailStore(queue: null, readers, Identity(connection));
            return new SalvagedMaildrop(new SqliteMaildrop(store, account, rows), isWhole, readers);
        }
        catch
        {
            readers.Dispose();
            throw;
        }
    }

    private static Account? Find(StoreConnection connection, AccountName name)
    {
        SqliteException? damage = null;
        foreach (var way in _waysToAccount)
        {
            try
            {
                using var rows = connection.Prepare("SELECT id FROM accounts " + way).Bind(1, name.Key).Query();
                if (rows.Next())
                    return new Account(rows.Number(0), name, null);
            }
            catch (SqliteException exception) when (SqliteFault.IsDamage(exception))
            {
                damage = exception;
            }
        }

        // Zeros in the place of what is missing hold no account.
        if (damage is null && FileEnd.Missing(connection) is { } missing)
            damage = new SqliteException(missing, raw.SQLITE_CORRUPT);
        return damage is null ? null : throw damage;
    }

    // Where it cannot be read, unique-ids that no client has seen are better than none.
    private static string Identity(StoreConnection connection)
    {
        try
        {
            return Schema.Identity(connection) ?? AnotherIdentity();
        }
        catch (SqliteException exception) when (SqliteFault.IsDamage(exception))
        {
            return AnotherIdentity();
        }
    }

    private static string AnotherIdentity() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    // Where a table's name cannot be read, SQLite says that there is no such table.
    private static bool IsUnreadable(Exception exception) =>
        (exception is StoreFault fault ? fault.InnerException : exception) is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_ERROR };
}
