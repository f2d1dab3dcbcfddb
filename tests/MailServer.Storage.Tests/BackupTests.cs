using System.Collections.Concurrent;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>A backup of a store in use is whole, and what is restored from it gives no unique-id a second time.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _restored = new();

    public void Dispose()
    {
        _directory.Dispose();
        _restored.Dispose();
    }

    [Fact]
    public async Task Every_message_acknowledged_before_a_backup_is_in_it()
    {
        await using var store = SqliteStorage.Open(_directory.Path, sweep: true);
        var bob = await store.Accounts.AddAsync("bob");
        var acknowledged = new ConcurrentBag<string>();
        using var end = new CancellationTokenSource();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            for (var count = 0; !end.IsCancellationRequested; count++)
            {
                // Every eighth one is of several chunks.
                var text = $"{sender}.{count}" + (count % 8 == 7 ? new string('x', 500_000) : "");
                await store.Mail.DeliverAsync(text, bob);
                acknowledged.Add(text);
                if (acknowledged.Count >= 50)
                    enough.TrySetResult();
            }
        })).ToList();
        await enough.Task;

        var before = acknowledged.ToList();
        StoreBackup.Write(_directory.Path, _restored.MailDb, CancellationToken.None);
        await end.CancelAsync();
        await Task.WhenAll(senders);

        Assert.Empty(StoreCheck.Run(_restored.Path).Findings);
        await using var copy = SqliteStorage.Open(_restored.Path, sweep: true);
        Assert.Empty(before.Except(await copy.Mail.TextsAsync((await copy.Accounts.FindAsync("bob"))!)));
        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
    }

    [Fact]
    public async Task After_a_restore_no_unique_id_that_a_client_has_seen_is_given_again()
    {
        await using var store = SqliteStorage.Open(_directory.Path, sweep: true);
        var bob = await store.Accounts.AddAsync("bob");
        await store.Mail.DeliverAsync("1", bob);
        StoreBackup.Write(_directory.Path, _restored.MailDb, CancellationToken.None);
        var first = await UniqueIdsAsync(store);
        await store.Mail.DeliverAsync("lost", bob);
        var seen = (await UniqueIdsAsync(store)).ToHashSet();

        for (var restore = 0; restore < 2; restore++)
        {
            using var place = new TemporaryDirectory();
            File.Copy(_restored.MailDb, place.MailDb);
            await using var copy = SqliteStorage.Open(place.Path, sweep: true);
            await copy.Mail.DeliverAsync("new", bob);
            var ids = await UniqueIdsAsync(copy);
            Assert.Equal(first, ids[..1]);
            Assert.True(seen.Add(ids[1]), "given twice");
            await copy.DisposeAsync();
            await using var again = SqliteStorage.Open(place.Path);
            Assert.Equal(ids, await UniqueIdsAsync(again));
        }

        async Task<List<string>> UniqueIdsAsync(SqliteStorage from)
        {
            await using var maildrop = await from.Mail.OpenAsync(bob);
            return [.. Enumerable.Range(0, maildrop.Entries.Count).Select(index => maildrop.UniqueId(index))];
        }
    }

    [Fact]
    public async Task A_backup_is_one_file_for_its_owner_and_holds_nothing_that_was_deleted()
    {
        await using var store = SqliteStorage.Open(_directory.Path);
        var bob = await store.Accounts.AddAsync("bob");
        await store.Mail.DeliverAsync(StoreSteps.Octets(2_000_000), bob);
        await using (var maildrop = await store.Mail.OpenAsync(bob))
            await maildrop.UpdateAsync([0], []);

        var length = StoreBackup.Write(_directory.Path, _restored.MailDb, CancellationToken.None);

        Assert.InRange(length, 1, 200_000);
        Assert.Equal([_restored.MailDb], Directory.GetFiles(_restored.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_restored.MailDb));
    }

    [Fact]
    public async Task A_backup_that_fails_leaves_what_was_there()
    {
        await SqliteStorage.Open(_directory.Path).DisposeAsync();
        await File.WriteAllTextAsync(_restored.MailDb, "the last one");

        Assert.ThrowsAny<OperationCanceledException>(
            () => StoreBackup.Write(_directory.Path, _restored.MailDb, new CancellationToken(canceled: true)));
        RawDatabase.Execute(_directory.MailDb, "PRAGMA user_version = 999");
        Assert.Throws<StoreFault>(() => StoreBackup.Write(_directory.Path, _restored.MailDb, CancellationToken.None));

        Assert.Equal([_restored.MailDb], Directory.GetFiles(_restored.Path));
        Assert.Equal("the last one", await File.ReadAllTextAsync(_restored.MailDb));
    }
}
