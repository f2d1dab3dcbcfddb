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

    // Each migration runs once, in a transaction of its own, and is never changed after a release.
    private static readonly string[] _migrations =
    [
        // One counter numbers everything, so that no number is ever used twice, and a random identity makes unique-ids
        // of two stores differ. A message that is still on its way in has no copies: the index finds what a crash left.
        // The maildrop repeats the size so that listing it reads nothing else. No foreign keys: every reference is
        // checked or counted by the statement that makes it.
        """
        CREATE TABLE store (identity TEXT NOT NULL, next_number INTEGER NOT NULL);
        INSERT INTO store VALUES (lower(hex(randomblob(8))), 1);
        CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, password_hash TEXT);
        CREATE TABLE messages (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, received_at INTEGER NOT NULL /* Unix ms */, copies INTEGER NOT NULL);
        CREATE INDEX unfinished_messages ON messages (id) WHERE copies = 0;
        CREATE TABLE chunks (id INTEGER PRIMARY KEY, octets BLOB NOT NULL);
        CREATE TABLE maildrop (account_id INTEGER NOT NULL, uid INTEGER NOT NULL, message_id INTEGER NOT NULL, size INTEGER NOT NULL,
            is_read INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account_id, uid)) WITHOUT ROWID;
        """,
    ];

    /// <summary>Brings a database of any earlier version, or an empty one, to this one. A kill at any point does no harm.</summary>
    public static void Migrate(StoreConnection connection)
    {
        // The page size counts only for a new database, before it turns to WAL. Every delivery rewrites a page of each
        // of its maildrops, so the smallest page that reads well is the fastest to write (measured: 4096 to 32768).
        connection.Execute("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        while (Version(connection) is var version && version != _migrations.Length)
        {
            if (version > _migrations.Length)
            {
                throw new StoreFault(
                    StoreFaultKind.Unavailable,
                    $"The mail store was written by a newer mailserver (version {version} of the store, {_migrations.Length} known here); use that one");
            }

            MigrateFrom(version, connection);
        }
    }

    /// <summary>The random text that tells this store from every other.</summary>
    public static string Identity(StoreConnection connection) => connection.Query<string>("SELECT identity FROM store");

    private static void MigrateFrom(long version, StoreConnection connection)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            // Another process may have been faster.
            if (Version(connection) == version)
                connection.Execute($"{_migrations[version]}; PRAGMA user_version = {version + 1}");
            connection.Execute("COMMIT");
        }
        finally
        {
            if (connection.IsInTransaction)
                connection.Execute("ROLLBACK");
        }
    }

    private static long Version(StoreConnection connection) => connection.Query<long>("PRAGMA user_version");
}
