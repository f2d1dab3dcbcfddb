using System.Globalization;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>
/// Version 2 of the store took texts with a bare LF or CR, behind which a stranger could write the server's answers
/// himself (RFC 1939 3, 5321 2.3.8). They are given CRLF once, when the store is first opened.
/// </summary>
public sealed class LineEndMigrationTests : IDisposable
{
    private const int Chunk = 192 * 1024;

    // What version 2 made.
    private const string Version2 = """
        PRAGMA page_size = 4096;
        PRAGMA journal_mode = WAL;
        CREATE TABLE store (identity TEXT NOT NULL, next_number INTEGER NOT NULL, is_backup INTEGER NOT NULL DEFAULT 0);
        INSERT INTO store (identity, next_number) VALUES ('0123456789abcdef', 1000);
        CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, password_hash TEXT);
        CREATE TABLE messages (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, received_at INTEGER NOT NULL, copies INTEGER NOT NULL);
        CREATE INDEX unfinished_messages ON messages (id) WHERE copies = 0;
        CREATE TABLE chunks (id INTEGER PRIMARY KEY, octets BLOB NOT NULL);
        CREATE TABLE maildrop (account_id INTEGER NOT NULL, uid INTEGER NOT NULL, message_id INTEGER NOT NULL, size INTEGER NOT NULL,
            is_read INTEGER NOT NULL DEFAULT 0, unique_id TEXT, PRIMARY KEY (account_id, uid)) WITHOUT ROWID;
        CREATE UNIQUE INDEX kept_unique_ids ON maildrop (account_id, unique_id) WHERE unique_id IS NOT NULL;
        CREATE TABLE imports (account_id INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (account_id, digest)) WITHOUT ROWID;
        INSERT INTO accounts VALUES (1, 'bob', 'bob', NULL), (2, 'carol', 'carol', NULL);
        PRAGMA user_version = 2;
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _told = [];
    private long _lastId = 10;

    public LineEndMigrationTests() => RawDatabase.Execute(_directory.MailDb, Version2);

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string> Texts() => new()
    {
        { "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n" },
        { "a\r\n\r\nb\n.\n+OK 9 octets\n", "a\r\n\r\nb\r\n.\r\n+OK 9 octets\r\n" },
        { "a\n.\r\n+OK\r\n", "a\r\n.\r\n+OK\r\n" },
        { "a\rb\r\n", "a\r\nb\r\n" },
        { "a\r\r\nb\r\n", "a\r\nb\r\n" },
        { "\n", "\r\n" },
        { "\r", "\r\n" },
        { "no end", "no end\r\n" },
        { "", "" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_stored_text_is_given_the_line_ends_of_mail(string stored, string wanted)
    {
        Add(stored);
        Add("another\r\n");

        await AssertHoldsAsync(wanted, "another\r\n");
    }

    [Fact]
    public async Task A_text_with_CRLF_across_two_chunks_stays_as_it_is()
    {
        var text = new string('x', Chunk - 1) + "\r\nend\r\n";
        Add(text);

        await AssertHoldsAsync(text);

        Assert.DoesNotContain(_told, line => line.Contains("CRLF", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\r", "\rend")]
    [InlineData("\r", "end")]
    [InlineData("x", "\nend")]
    [InlineData("\n", "\n.\nend")]
    public async Task A_bare_line_end_at_the_edge_of_a_chunk_is_one(string last, string next) =>
        await AssertBecomesMailAsync(new string('x', Chunk - 1) + last + next + "\r\n");

    [Theory]
    [InlineData(3 * Chunk)]
    [InlineData((3 * Chunk) + 1)]
    [InlineData(1)]
    [InlineData(Chunk / 2)]
    public async Task A_text_of_bare_line_feeds_alone_doubles_and_takes_more_chunks(int length) =>
        await AssertBecomesMailAsync(new string('\n', length));

    [Fact]
    public async Task A_text_of_many_CRs_shrinks_and_takes_fewer_chunks() =>
        await AssertBecomesMailAsync(string.Concat(Enumerable.Repeat("\r\r\n", Chunk)));

    [Fact]
    public async Task Every_recipient_sees_the_new_size_and_unique_ids_stay()
    {
        Add("first\n.\n", 1, 2);
        Add("second\r\n", 1);
        Add("third\r", 2);

        await using var store = Open();

        foreach (var (name, texts, ids) in new[] { ("bob", new[] { "first\r\n.\r\n", "second\r\n" }, new[] { 12, 15 }), ("carol", ["first\r\n.\r\n", "third\r\n"], [13, 17]) })
        {
            var account = (await store.Accounts.FindAsync(name))!;
            Assert.Equal(texts, await store.Mail.TextsAsync(account));
            await using var maildrop = await store.Mail.OpenAsync(account);
            Assert.Equal(ids.Select(id => $"0123456789abcdef.{id}"), Enumerable.Range(0, 2).Select(maildrop.UniqueId));
        }

        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
        Assert.Contains(_told, line => line.Contains('2', StringComparison.Ordinal) && line.Contains("CRLF", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_of_a_store_of_version_2_is_brought_to_the_same()
    {
        Add("a\n.\nb\n");
        using var restored = new TemporaryDirectory();
        StoreBackup.Write(_directory.Path, restored.MailDb, CancellationToken.None);
        RawDatabase.Execute(_directory.MailDb, "PRAGMA journal_mode = DELETE; UPDATE store SET is_backup = 1");
        using var old = new TemporaryDirectory();
        File.Copy(_directory.MailDb, old.MailDb);

        foreach (var place in new[] { restored, old })
        {
            await using var store = SqliteStorage.Open(place.Path, sweep: true);
            var bob = (await store.Accounts.FindAsync("bob"))!;
            Assert.Equal(["a\r\n.\r\nb\r\n"], await store.Mail.TextsAsync(bob));
            await using var maildrop = await store.Mail.OpenAsync(bob);
            Assert.Equal("0123456789abcdef.12", maildrop.UniqueId(0));
        }
    }

    [Fact]
    public async Task What_ends_it_half_way_leaves_everything_as_it_was()
    {
        Add("first\n");
        Add("second\n");
        RawDatabase.Execute(_directory.MailDb, $"""
            CREATE TRIGGER power_cut BEFORE UPDATE OF size ON messages WHEN old.id = {_lastId - 1} BEGIN SELECT RAISE(ABORT, 'power cut'); END
            """);

        Assert.Throws<StoreFault>(Open);
        Assert.Equal(2, RawDatabase.Query<long>(_directory.MailDb, "PRAGMA user_version"));
        Assert.Equal("first\nsecond\n", RawDatabase.Query<string>(_directory.MailDb, "SELECT group_concat(CAST(octets AS TEXT), '') FROM chunks"));

        RawDatabase.Execute(_directory.MailDb, "DROP TRIGGER power_cut");
        await AssertHoldsAsync("first\r\n", "second\r\n");
    }

    [Fact]
    public async Task A_damaged_message_stays_damaged_and_keeps_nobody_from_the_others()
    {
        Add(new string('\n', 2 * Chunk));
        RawDatabase.Execute(_directory.MailDb, $"DELETE FROM chunks WHERE id % 65536 = 1");
        Add("whole\n");

        await using var store = Open();

        await using var maildrop = await store.Mail.OpenAsync((await store.Accounts.FindAsync("bob"))!);
        var fault = await Assert.ThrowsAsync<StoreFault>(() => maildrop.TextAsync(0));
        Assert.Equal(StoreFaultKind.Damaged, fault.Kind);
        Assert.Equal("whole\r\n", await maildrop.TextAsync(1));
    }

    private SqliteStorage Open() => SqliteStorage.Open(_directory.Path, sweep: true, _told.Add);

    private async Task AssertBecomesMailAsync(string text)
    {
        Add(text);
        Add("another\r\n");
        var wanted = text.Replace("\r\r\n", "\n", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace('\r', '\n').Replace("\n", "\r\n", StringComparison.Ordinal);
        await AssertHoldsAsync(wanted, "another\r\n");
    }

    private async Task AssertHoldsAsync(params string[] texts)
    {
        await using (var store = Open())
        {
            var bob = (await store.Accounts.FindAsync("bob"))!;
            Assert.True(texts.SequenceEqual(await store.Mail.TextsAsync(bob)));
            await using var maildrop = await store.Mail.OpenAsync(bob);
            Assert.Equal(texts.Select(text => (long)text.Length), maildrop.Entries.Select(entry => entry.Octets));
        }

        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
        Assert.Equal(0, RawDatabase.Query<long>(_directory.MailDb, $"SELECT count(*) FROM chunks WHERE length(octets) NOT BETWEEN 1 AND {Chunk}"));
    }

    // As version 2 stored it: in chunks, for bob unless others are named.
    private void Add(string text, params long[] accounts)
    {
        var message = ++_lastId;
        accounts = accounts is [] ? [1] : accounts;
        using var connection = RawDatabase.Open(_directory.MailDb);
        Insert("INSERT INTO messages VALUES ($1, $2, 1000, $3)", message, text.Length, accounts.Length);
        foreach (var (sequence, chunk) in text.Chunk(Chunk).Index())
            Insert("INSERT INTO chunks VALUES ($1, $2)", (message * 65_536) + sequence, Encoding.Latin1.GetBytes(chunk));
        foreach (var account in accounts)
            Insert("INSERT INTO maildrop (account_id, uid, message_id, size) VALUES ($1, $2, $3, $4)", account, ++_lastId, message, text.Length);

        void Insert(string sql, params object[] values)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (index, value) in values.Index())
                command.Parameters.AddWithValue("$" + (index + 1).ToString(CultureInfo.InvariantCulture), value);
            command.ExecuteNonQuery();
        }
    }
}
