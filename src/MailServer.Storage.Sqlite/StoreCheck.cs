using System.Globalization;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>Looks through a store for damage, whether or not a server is running on it. Changes nothing.</summary>
public static class StoreCheck
{
    /// <summary>What to do about damage.</summary>
    internal const string Restore = "restore a backup; mailserver export saves what can still be read";

    // Of what is kept back, so that mail can still be deleted.
    private const int ShortOfRoom = 8;

    private const string TakesRoom = "this takes room and does no other harm; an export and an import into a new data directory leave it behind";

    // Octets of the Return-Path that is put above the text of m.
    private static readonly string _returnPathOctets = $"coalesce(length(CAST(m.reverse_path AS BLOB)) + {ReturnPath.FrameLength}, 0)";

    // What must never be there. All of the questions are put to one snapshot.
    private static readonly (string Problem, string Remedy, string Count)[] _contradictions =
    [
        ("chunks belong to no message", TakesRoom, """
            SELECT count(*) FROM chunks WHERE NOT EXISTS (SELECT 1 FROM messages WHERE id = chunks.id / 65536)
            """),
        ("messages are not as long as they should be", Restore, """
            SELECT count(*) FROM messages m WHERE copies > 0 AND size <>
                (SELECT coalesce(sum(length(octets)), 0) FROM chunks WHERE id >= m.id * 65536 AND id < (m.id + 1) * 65536)
            """),
        ("messages lie in no mailbox", TakesRoom, """
            SELECT count(*) FROM messages WHERE copies > 0 AND id NOT IN (SELECT message_id FROM maildrop)
            """),
        ("messages lie in another count of mailboxes than they should", Restore, """
            SELECT count(*) FROM messages m
                JOIN (SELECT message_id, count(*) AS held FROM maildrop GROUP BY message_id) d ON d.message_id = m.id WHERE m.copies <> d.held
            """),
        ("entries of mailboxes have no message", Restore, """
            SELECT count(*) FROM maildrop d WHERE NOT EXISTS (SELECT 1 FROM messages WHERE id = d.message_id)
            """),
        ("entries of mailboxes have another size than their message", Restore, $"""
            SELECT count(*) FROM maildrop d JOIN messages m ON m.id = d.message_id WHERE m.copies > 0 AND d.size <> m.size + {_returnPathOctets}
            """),
        ("entries of mailboxes belong to no account", TakesRoom, """
            SELECT count(*) FROM maildrop WHERE account_id NOT IN (SELECT id FROM accounts)
            """),
        ("counter would give numbers a second time", Restore, """
            SELECT count(*) FROM store WHERE next_number <= max(
                coalesce((SELECT max(id) FROM messages), 0), coalesce((SELECT max(uid) FROM maildrop), 0), coalesce((SELECT max(id) FROM accounts), 0))
            """),
    ];

    /// <summary>Looks through the store. Throws <see cref="StoreFault"/> when it cannot be opened at all, and when cancelled.</summary>
    public static (IReadOnlyList<Finding> Findings, StoreFigures? Figures) Run(string directory, CancellationToken cancellation = default)
    {
        SqliteStorage.ThrowIfNoStore(directory);
        using var connection = StoreConnection.Open(Path.Combine(directory, SqliteStorage.FileName), isWriter: false);
        var findings = new List<Finding>();
        using var interruption = cancellation.Register(connection.Interrupt);
        try
        {
            if (FileEnd.Missing(connection) is { } missing)
                return ([new Finding($"the file is damaged: {missing}", Restore)], null);
            connection.Execute("BEGIN");
            Schema.ThrowIfForeign(connection);
            Schema.ThrowIfNewer(Schema.Version(connection));
            findings.AddRange(Look(connection, _ => true));
            var figures = Figures(connection, directory);
            if (figures.FreeInFile + figures.FreeOnDisk is var free && free < ShortOfRoom * figures.KeptBack)
            {
                findings.Add(new Finding(
                    $"{Amount(free)} are free, and no mail is taken below {Amount(figures.KeptBack)}, which are kept back so that mail can still be deleted",
                    "make room on the disk, or move the data directory to a larger one"));
            }

            return (findings, figures);
        }
        catch (SqliteException exception) when (cancellation.IsCancellationRequested)
        {
            throw Interrupted(exception, cancellation);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
        {
            throw SqliteFault.Opening(Path.Combine(directory, SqliteStorage.FileName), exception);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR)
        {
            // Also to read takes files beside the store. The mail may be as sound as ever.
            findings.Add(SqliteFault.Opening(Path.Combine(directory, SqliteStorage.FileName), exception).Kind == StoreFaultKind.Full
                ? new Finding("the disk is full, so the store was not looked through", "make room on it and check again")
                : new Finding($"the disk fails, so the store was not looked through: {exception.Message}", "look at the disk and into the system's log, then check again"));
            return (findings, null);
        }
        catch (SqliteException exception)
        {
            findings.Add(new Finding($"the store cannot be read: {exception.Message}", Restore));
            return (findings, null);
        }
    }

    /// <summary>
    /// How the file of a store is damaged, in words; null when nothing is seen. Reads everything. A text whose octets alone have changed is
    /// not seen. Throws <see cref="StoreFault"/> when it cannot be opened at all, and when cancelled.
    /// </summary>
    public static string? DamageOf(string directory, CancellationToken cancellation = default)
    {
        SqliteStorage.ThrowIfNoStore(directory);
        using var connection = StoreConnection.Open(Path.Combine(directory, SqliteStorage.FileName), isWriter: false);
        using var interruption = cancellation.Register(connection.Interrupt);
        try
        {
            return Damage(connection, _ => false)?.Problem;
        }
        catch (SqliteException exception) when (cancellation.IsCancellationRequested)
        {
            throw Interrupted(exception, cancellation);
        }
        catch (SqliteException exception)
        {
            throw SqliteFault.Opening(connection.Path, exception);
        }
    }

    /// <summary>The first finding by which mail is lost or texts may be wrong, or null. Throws <see cref="SqliteException"/> where the disk fails.</summary>
    internal static Finding? Damage(StoreConnection connection) => Damage(connection, remedy => remedy == Restore);

    private static Finding? Damage(StoreConnection connection, Func<string, bool> isWanted)
    {
        try
        {
            if (FileEnd.Missing(connection) is { } missing)
                return new Finding(missing, Restore);
            connection.Execute("BEGIN");
            try
            {
                return Look(connection, isWanted).FirstOrDefault();
            }
            finally
            {
                connection.Execute("COMMIT");
            }
        }
        catch (SqliteException exception) when (SqliteFault.IsDamage(exception))
        {
            return new Finding($"the file cannot be read: {exception.Message}", Restore);
        }
    }

    /// <summary>True when there is an account of this name. Throws <see cref="StoreFault"/>.</summary>
    public static bool HasAccount(string directory, AccountName name)
    {
        using var connection = StoreConnection.Open(Path.Combine(directory, SqliteStorage.FileName), isWriter: false);
        try
        {
            using var rows = connection.Prepare("SELECT 1 FROM accounts WHERE key = ?1").Bind(1, name.Key).Query();
            return rows.Next();
        }
        catch (SqliteException exception)
        {
            throw SqliteFault.From(exception);
        }
    }

    // The file itself, and the contradictions whose remedy is wanted. A store without tables is one that a first start was making.
    private static IEnumerable<Finding> Look(StoreConnection connection, Func<string, bool> isWanted)
    {
        var integrity = connection.Query<string>("PRAGMA integrity_check(1)");
        if (integrity != "ok")
            yield return new Finding($"the file is damaged: {integrity.ReplaceLineEndings(" ")}", Restore);
        var version = Schema.Version(connection);
        if (version == 0)
            yield break;
        foreach (var (problem, remedy, sql) in _contradictions.Where(row => isWanted(row.Remedy)))
        {
            // An older store has no such column, and nothing is put on.
            if (connection.Query<long>(version < Schema.ReversePathVersion ? sql.Replace(_returnPathOctets, "0", StringComparison.Ordinal) : sql) is > 0 and var count)
                yield return new Finding(string.Create(CultureInfo.InvariantCulture, $"{count} {problem}"), remedy);
        }
    }

    private static OperationCanceledException Interrupted(SqliteException exception, CancellationToken cancellation) =>
        new("The look through the store was interrupted", exception, cancellation);

    private static string Amount(long octets) => octets < 1 << 20 ? $"{octets >> 10} KiB" : $"{octets >> 20} MiB";

    private static StoreFigures Figures(StoreConnection connection, string directory) => Figures(connection, new Disk(Path.GetFullPath(directory)).Look());

    private static StoreFigures Figures(StoreConnection connection, DiskSpace disk) => new(
        connection.Query<long>("SELECT count(*) FROM accounts"),
        connection.Query<long>("SELECT count(*) FROM messages WHERE copies > 0"),
        connection.Query<long>("SELECT coalesce(sum(size), 0) FROM messages"),
        connection.Query<long>("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"),
        disk.Free,
        DiskReserve.Reserve(disk.Size));
}
