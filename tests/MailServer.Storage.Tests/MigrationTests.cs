using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>Stores of every earlier version open and keep their mail.</summary>
public sealed class MigrationTests : IDisposable
{
    // What version 1 made, and two messages of one chunk in it.
    private const string Version1 = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE store (identity TEXT NOT NULL, next_number INTEGER NOT NULL);
        INSERT INTO store VALUES ('0123456789abcdef', 6);
        CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, password_hash TEXT);
        CREATE TABLE messages (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, received_at INTEGER NOT NULL, copies INTEGER NOT NULL);
        CREATE INDEX unfinished_messages ON messages (id) WHERE copies = 0;
        CREATE TABLE chunks (id INTEGER PRIMARY KEY, octets BLOB NOT NULL);
        CREATE TABLE maildrop (account_id INTEGER NOT NULL, uid INTEGER NOT NULL, message_id INTEGER NOT NULL, size INTEGER NOT NULL,
            is_read INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account_id, uid)) WITHOUT ROWID;
        INSERT INTO accounts VALUES (1, 'Bob', 'bob', NULL);
        INSERT INTO messages VALUES (2, 5, 1000, 1), (4, 3, 2000, 1);
        INSERT INTO chunks VALUES (131072, CAST('hello' AS BLOB)), (262144, CAST('you' AS BLOB));
        INSERT INTO maildrop VALUES (1, 3, 2, 5, 1), (1, 5, 4, 3, 0);
        PRAGMA user_version = 1;
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_store_of_version_1_opens_with_everything_in_it()
    {
        RawDatabase.Execute(_directory.MailDb, Version1);

        await using var store = SqliteStorage.Open(_directory.Path, sweep: true);

        var bob = (await store.Accounts.FindAsync("bob"))!;
        Assert.Equal(["hello\r\n", "you\r\n"], await store.Mail.TextsAsync(bob));
        await using var maildrop = await store.Mail.OpenAsync(bob);
        Assert.Equal(["0123456789abcdef.3", "0123456789abcdef.5"], [maildrop.UniqueId(0), maildrop.UniqueId(1)]);
        Assert.Equal([true, false], maildrop.Entries.Select(entry => entry.IsRead));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(2000), await maildrop.ReceivedAtAsync(1, CancellationToken.None));
        Assert.True(await store.Mail.MoveAsync([1], new("kept", IsRead: false, new byte[] { 1 }), bob));
    }

    [Fact]
    public void A_store_of_version_1_can_be_backed_up_and_checked_as_it_is()
    {
        RawDatabase.Execute(_directory.MailDb, Version1);
        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
        var restored = Directory.CreateDirectory(Path.Combine(_directory.Path, "restored")).FullName;

        StoreBackup.Write(_directory.Path, Path.Combine(restored, "mail.db"), CancellationToken.None);

        Assert.Equal(1, RawDatabase.Query<long>(_directory.MailDb, "PRAGMA user_version"));
        Assert.Empty(StoreCheck.Run(restored).Findings);
    }
}
