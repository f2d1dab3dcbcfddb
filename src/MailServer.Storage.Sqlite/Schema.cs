using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>What mail.db looks like, and how it came to look like that.</summary>
internal static class Schema
{
    /// <summary>
    /// Octets of every chunk of a message but the last, so that octet n lies in chunk n / ChunkSize. Part of the file
    /// format. With the 64 KiB of a block that is being written it fits a buffer of 256 KiB.
    /// </summary>
    public const int ChunkSize = 192 * 1024;

    /// <summary>Chunks that a message can have; a chunk's id is its message's id times this, plus its place.</summary>
    public const long ChunksPerMessage = 65_536;

    // Tables that a store of any version has.
    private const int OldestTables = 5;

    // Each migration runs once, in a transaction of its own, and is never changed after a release.
    private static readonly Action<StoreConnection, Action<string>?>[] _migrations =
    [
        // One counter numbers everything, so that no number is ever used twice, and a random identity makes unique-ids
        // of two stores differ. A message that is still on its way in has no copies: the index finds what a crash left.
        // The maildrop repeats the size so that listing it reads nothing else. No foreign keys: every reference is
        // checked or counted by the statement that makes it.
        Sql("""
        CREATE TABLE store (identity TEXT NOT NULL, next_number INTEGER NOT NULL);
        INSERT INTO store VALUES (lower(hex(randomblob(8))), 1);
        CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, password_hash TEXT);
        CREATE TABLE messages (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, received_at INTEGER NOT NULL /* Unix ms */, copies INTEGER NOT NULL);
        CREATE INDEX unfinished_messages ON messages (id) WHERE copies = 0;
        CREATE TABLE chunks (id INTEGER PRIMARY KEY, octets BLOB NOT NULL);
        CREATE TABLE maildrop (account_id INTEGER NOT NULL, uid INTEGER NOT NULL, message_id INTEGER NOT NULL, size INTEGER NOT NULL,
            is_read INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account_id, uid)) WITHOUT ROWID;
        """),

        // A message that was moved here keeps its unique-id, and the account remembers it so that it is not taken twice. All
        // others have NULL and cost the index nothing. A backup says that it is one.
        Sql("""
        ALTER TABLE maildrop ADD COLUMN unique_id TEXT;
        CREATE UNIQUE INDEX kept_unique_ids ON maildrop (account_id, unique_id) WHERE unique_id IS NOT NULL;
        CREATE TABLE imports (account_id INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (account_id, digest)) WITHOUT ROWID;
        ALTER TABLE store ADD COLUMN is_backup INTEGER NOT NULL DEFAULT 0;
        """),

        // Every text has CRLF lines only.
        (connection, tell) => new LineEndMigration(connection, tell).Run(),

        // A message's size is that of its text; its entries in maildrops count the Return-Path that is put on, too. NULL: none is, as with
        // every message that has it in its text because an older version wrote it there.
        Sql("ALTER TABLE messages ADD COLUMN reverse_path TEXT"),

        // An alias has a row for each target.
        Sql("""
        CREATE TABLE aliases (key TEXT NOT NULL, target_key TEXT NOT NULL, name TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (key, target_key))
            WITHOUT ROWID
        """),
    ];

    /// <summary>Since this version a message has a reverse path beside its text.</summary>
    public const long ReversePathVersion = 4;

    /// <summary>The version that this program writes.</summary>
    public static long CurrentVersion => _migrations.Length;

    /// <summary>Brings a database of any earlier version, or an empty one, to this one. A kill at any point does no harm.</summary>
    /// <param name="tell">Told in one line what takes long, and what was changed.</param>
    public static void Migrate(StoreConnection connection, Action<string>? tell = null)
    {
        ThrowIfForeign(connection);
        Begin(connection);
        while (Version(connection) is var version && version != _migrations.Length)
        {
            ThrowIfNewer(version);
            MigrateFrom(version, connection, tell);
        }

        if (connection.Query<long>("SELECT is_backup FROM store") != 0)
            Restore(connection);
    }

    /// <summary>Makes an empty file a database, and lets any database be written with a log ahead.</summary>
    // The page size counts only for a new database, before it turns to WAL. Every delivery rewrites a page of each
    // of its maildrops, so the smallest page that reads well is the fastest to write (measured: 4096 to 32768).
    public static void Begin(StoreConnection connection) =>
        connection.Execute("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");

    /// <summary>Which migrations a database has been through.</summary>
    public static long Version(StoreConnection connection) => connection.Query<long>("PRAGMA user_version");

    /// <summary>Throws <see cref="StoreFault"/> for a database that another program made. One without tables is as good as new.</summary>
    public static void ThrowIfForeign(StoreConnection connection)
    {
        var (tables, ours) = (
            connection.Query<long>("SELECT count(*) FROM sqlite_schema"),
            connection.Query<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('store', 'accounts', 'messages', 'chunks', 'maildrop')"));
        if (tables > 0 && (ours < OldestTables || Version(connection) == 0))
        {
            throw new StoreFault(
                StoreFaultKind.Unavailable, $"{connection.Path} is a database of another program; move it away, or choose another data directory with --data");
        }
    }

    /// <summary>Throws <see cref="StoreFault"/> for a store whose form is not known here.</summary>
    public static void ThrowIfNewer(long version)
    {
        if (version > CurrentVersion)
        {
            throw new StoreFault(
                StoreFaultKind.Unavailable,
                $"The mail store was written by a newer mailserver (version {version} of the store, {CurrentVersion} known here); use that one");
        }
    }

    /// <summary>The random text that tells this store from every other.</summary>
    public static string Identity(StoreConnection connection) => connection.Query<string>("SELECT identity FROM store");

    // Another process may have been faster.
    private static void MigrateFrom(long version, StoreConnection connection, Action<string>? tell) => InTransaction(connection, () =>
    {
        if (Version(connection) != version)
            return;
        _migrations[version](connection, tell);
        connection.Execute($"PRAGMA user_version = {version + 1}");
    });

    private static Action<StoreConnection, Action<string>?> Sql(string statements) => (connection, _) => connection.Execute(statements);

    // What was delivered after the backup was made is lost, but clients have seen its unique-ids. They are not given again
    // (RFC 1939 7): the messages that are there keep theirs, and all others get those of a new identity.
    private static void Restore(StoreConnection connection) => InTransaction(connection, () => connection.Execute(
        """
        UPDATE maildrop SET unique_id = (SELECT identity FROM store) || '.' || uid WHERE unique_id IS NULL AND (SELECT is_backup FROM store);
        UPDATE store SET identity = lower(hex(randomblob(8))), is_backup = 0 WHERE is_backup;
        """));

    private static void InTransaction(StoreConnection connection, Action write)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            write();
            connection.Execute("COMMIT");
        }
        finally
        {
            if (connection.IsInTransaction)
                connection.Execute("ROLLBACK");
        }
    }
}
