using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>What the file promises: its versions, what it holds once, what it loses never.</summary>
public sealed class SqliteStorageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_empty_file_is_no_store()
    {
        File.WriteAllText(_directory.MailDb, "");
        Assert.Contains("is empty", Assert.Throws<StoreFault>(() => SqliteStorage.Open(_directory.Path)).Message, StringComparison.Ordinal);
        Assert.Equal([_directory.MailDb], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Many_who_open_a_new_store_at_once_make_one()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SqliteStorage.Open(_directory.Path))));

        var bob = await stores[0].Accounts.AddAsync("bob");

        Assert.Equal(bob, await stores[7].Accounts.FindAsync("bob"));
        Assert.Equal(1, RawDatabase.Query<long>(_directory.MailDb, "SELECT count(*) FROM store"));
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_and_left_alone()
    {
        await SqliteStorage.Open(_directory.Path).DisposeAsync();
        RawDatabase.Execute(_directory.MailDb, "PRAGMA user_version = 999");

        var fault = Assert.Throws<StoreFault>(() => SqliteStorage.Open(_directory.Path));

        Assert.Contains("newer mailserver (version 999", fault.Message, StringComparison.Ordinal);
        Assert.Equal(999, RawDatabase.Query<long>(_directory.MailDb, "PRAGMA user_version"));
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_refused()
    {
        await File.WriteAllTextAsync(_directory.MailDb, new string('x', 10_000));

        Assert.Throws<StoreFault>(() => SqliteStorage.Open(_directory.Path));
    }

    [Fact]
    public async Task A_store_made_anew_gives_other_unique_ids()
    {
        var before = await FirstUniqueIdAsync();
        File.Delete(_directory.MailDb);
        var after = await FirstUniqueIdAsync();

        Assert.NotEqual(before, after);

        async Task<string> FirstUniqueIdAsync()
        {
            await using var store = SqliteStorage.Open(_directory.Path);
            var bob = await store.Accounts.AddAsync("bob");
            await store.Mail.DeliverAsync("hello", bob);
            await using var maildrop = await store.Mail.OpenAsync(bob);
            return maildrop.UniqueId(0);
        }
    }

    [Fact]
    public async Task A_message_is_stored_once_whatever_the_number_of_recipients()
    {
        await using var store = SqliteStorage.Open(_directory.Path);
        var bob = await store.Accounts.AddAsync("bob");
        var carol = await store.Accounts.AddAsync("carol");
        await store.Mail.DeliverAsync("small", bob, carol);
        await store.Mail.DeliverAsync(StoreSteps.Octets(Schema.ChunkSize + 1), bob, carol);

        Assert.Equal(2, Count("messages"));
        Assert.Equal(3, Count("chunks"));
        Assert.Equal(4, Count("maildrop"));

        await using (var maildrop = await store.Mail.OpenAsync(bob))
            await maildrop.UpdateAsync([0, 1], []);
        Assert.Equal(3, Count("chunks"));

        await store.Accounts.RemoveAsync(carol, CancellationToken.None);
        Assert.Equal(0, Count("messages") + Count("chunks") + Count("maildrop"));
    }

    [Fact]
    public async Task Mail_of_two_processes_lies_in_the_order_of_its_coming()
    {
        await using var server = SqliteStorage.Open(_directory.Path);
        await using var command = SqliteStorage.Open(_directory.Path);
        var bob = await server.Accounts.AddAsync("bob");
        for (var count = 0; count < 6; count++)
            await (count % 3 == 0 ? command : server).Mail.DeliverAsync($"{count}", bob);
        await using (var maildrop = await server.Mail.OpenAsync(bob))
            await maildrop.UpdateAsync([5], []);
        await command.Mail.DeliverAsync("6", bob);
        await server.Mail.DeliverAsync("7", bob);

        Assert.Equal(["0", "1", "2", "3", "4", "6", "7"], await server.Mail.TextsAsync(bob));
        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
    }

    [Fact]
    public async Task Leftovers_of_broken_transfers_are_swept_by_the_holder_only()
    {
        await using var receiving = SqliteStorage.Open(_directory.Path);
        var bob = await receiving.Accounts.AddAsync("bob");
        await receiving.Mail.DeliverAsync(StoreSteps.Octets(500_000), bob);
        await using var writer = receiving.Mail.Begin(bob);
        await writer.WriteInBlocksAsync(StoreSteps.Octets(500_000));

        await SqliteStorage.Open(_directory.Path).DisposeAsync();
        Assert.Equal(2, Count("messages"));

        await SqliteStorage.Open(_directory.Path, sweep: true).DisposeAsync();
        Assert.Equal(1, Count("messages"));
        Assert.Equal(3, Count("chunks"));

        var fault = await Assert.ThrowsAsync<StoreFault>(async () => await writer.CommitAsync(CancellationToken.None));
        Assert.Equal(StoreFaultKind.Unavailable, fault.Kind);
        Assert.Single(await receiving.Mail.TextsAsync(bob));
    }

    [Fact]
    public async Task A_disposed_transfer_leaves_nothing_behind()
    {
        await using (var store = SqliteStorage.Open(_directory.Path))
        {
            var bob = await store.Accounts.AddAsync("bob");
            await using var writer = store.Mail.Begin(bob);
            await writer.WriteInBlocksAsync(StoreSteps.Octets(1_000_000));
        }

        Assert.Equal(0, Count("messages") + Count("chunks"));
    }

    [Theory]
    [InlineData("DELETE FROM chunks WHERE id % 65536 = 1")]
    [InlineData("UPDATE chunks SET octets = substr(octets, 1, 100) WHERE id % 65536 = 1")]
    public async Task A_damaged_message_says_so_and_the_others_are_read(string damage)
    {
        await using var store = SqliteStorage.Open(_directory.Path);
        var bob = await store.Accounts.AddAsync("bob");
        await store.Mail.DeliverAsync("before", bob);
        await store.Mail.DeliverAsync(StoreSteps.Octets(500_000), bob);
        await store.Mail.DeliverAsync("after", bob);
        RawDatabase.Execute(_directory.MailDb, damage);

        await using var maildrop = await store.Mail.OpenAsync(bob);

        var fault = await Assert.ThrowsAsync<StoreFault>(() => maildrop.OctetsAsync(1));
        Assert.Equal(StoreFaultKind.Damaged, fault.Kind);
        Assert.Equal("before", await maildrop.TextAsync(0));
        Assert.Equal("after", await maildrop.TextAsync(2));
    }

    [Fact]
    public async Task Two_processes_never_give_one_number_twice()
    {
        await using var server = SqliteStorage.Open(_directory.Path, sweep: true);
        await using var commandLine = SqliteStorage.Open(_directory.Path);
        var bob = await server.Accounts.AddAsync("bob");

        await Task.WhenAll(new[] { server, commandLine }.Select(store => Task.Run(async () =>
        {
            for (var count = 0; count < 50; count++)
                await store.Mail.DeliverAsync("hello", bob);
        })));

        Assert.Equal(100, (await server.Mail.TextsAsync(bob)).Count);
        Assert.Equal(100, Count("messages"));
    }

    [Fact]
    public async Task A_log_without_its_file_is_not_thrown_away()
    {
        var (aside, log) = (Path.Combine(_directory.Path, "aside.db"), _directory.MailDb + "-wal");
        await using (var store = SqliteStorage.Open(_directory.Path))
        {
            await store.Mail.DeliverAsync("hello", await store.Accounts.AddAsync("bob"));
            File.Copy(_directory.MailDb, aside);
            File.Copy(log, aside + "-wal");
        }

        // As a kill left it, and somebody moved the file away alone.
        File.Delete(_directory.MailDb);
        File.Copy(aside + "-wal", log);
        Assert.Contains("its log mail.db-wal is", Assert.Throws<StoreFault>(() => SqliteStorage.Open(_directory.Path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_directory.MailDb));

        File.Move(aside, _directory.MailDb);
        await using var again = SqliteStorage.Open(_directory.Path);
        Assert.Equal(["hello"], await again.Mail.TextsAsync((await again.Accounts.FindAsync("bob"))!));
    }

    [Fact]
    public async Task A_deletion_by_others_is_told_apart_from_damage()
    {
        await using var store = SqliteStorage.Open(_directory.Path);
        var bob = await store.Accounts.AddAsync("bob");
        await store.Mail.DeliverAsync("hello", bob);
        await store.Mail.DeliverAsync("there", bob);
        await using var maildrop = await store.Mail.OpenAsync(bob);
        RawDatabase.Execute(_directory.MailDb, "DELETE FROM messages WHERE id = (SELECT max(id) FROM messages)");
        Assert.Equal(StoreFaultKind.Damaged, (await Assert.ThrowsAsync<StoreFault>(() => maildrop.OctetsAsync(1))).Kind);

        await store.Accounts.RemoveAsync(bob, CancellationToken.None);
        Assert.Equal(StoreFaultKind.Removed, (await Assert.ThrowsAsync<StoreFault>(() => maildrop.OctetsAsync(0))).Kind);
        Assert.Equal(StoreFaultKind.Removed, (await Assert.ThrowsAsync<StoreFault>(() => maildrop.ReceivedAtAsync(0, CancellationToken.None).AsTask())).Kind);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = SqliteStorage.Open(_directory.Path);
        var bob = await store.Accounts.AddAsync("bob");
        await store.DisposeAsync();

        var fault = await Assert.ThrowsAsync<StoreFault>(() => store.Mail.DeliverAsync("late", bob));
        Assert.Equal(StoreFaultKind.Unavailable, fault.Kind);
        await Assert.ThrowsAsync<StoreFault>(() => store.Accounts.FindAsync("bob"));
    }

    private long Count(string table) => RawDatabase.Query<long>(_directory.MailDb, $"SELECT count(*) FROM {table}");
}
