using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;
using MailServer.Testing;

namespace MailServer.Storage.Tests;

/// <summary>One writer for all: together when it can be, apart when it must be.</summary>
public sealed class CommitQueueTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_comes_in_during_a_commit_is_committed_together()
    {
        var together = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        parts.Queue.Committed += (count, _) =>
        {
            // That of one operation made the account or held the writer.
            if (count > 1)
                together.TrySetResult(count);
        };

        using var held = await parts.HoldWriterAsync();
        var deliveries = Enumerable.Range(0, 20).Select(count => parts.Mail.DeliverAsync($"{count}", bob)).ToList();
        held.Dispose();
        await Task.WhenAll(deliveries);

        Assert.Equal(20, await together.Task.WaitAsync(HangGuard.Limit));
        Assert.Equal(Enumerable.Range(0, 20).Select(count => $"{count}"), await parts.Mail.TextsAsync(bob));
    }

    [Fact]
    public async Task An_operation_that_fails_takes_no_other_with_it()
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");

        using var held = await parts.HoldWriterAsync();
        var before = parts.Mail.DeliverAsync("before", bob);
        var poisoned = parts.Queue.Enqueue(
            writer =>
            {
                writer.Accounts.Remove(bob);
                throw new InvalidOperationException("poison");
            },
            CancellationToken.None);
        var after = parts.Mail.DeliverAsync("after", bob);
        held.Dispose();
        await Task.WhenAll(before, after);

        var fault = await Assert.ThrowsAsync<StoreFault>(() => poisoned);
        Assert.Equal(StoreFaultKind.Unavailable, fault.Kind);
        Assert.Equal(["before", "after"], await parts.Mail.TextsAsync(bob));
    }

    [Fact]
    public async Task What_was_handed_over_is_done_before_the_store_closes()
    {
        List<Task> deliveries;
        await using (var parts = new SqliteParts(_directory.MailDb))
        {
            var bob = await parts.Accounts.AddAsync("bob");
            using var held = await parts.HoldWriterAsync();
            deliveries = [.. Enumerable.Range(0, 20).Select(count => parts.Mail.DeliverAsync($"{count}", bob))];
            held.Dispose();
        }

        await Task.WhenAll(deliveries);
        Assert.Equal(20, RawDatabase.Query<long>(_directory.MailDb, "SELECT count(*) FROM maildrop"));
    }

    [Fact]
    public async Task A_commit_cancelled_when_the_writer_has_it_is_carried_out()
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        await using var writer = parts.Mail.Begin(bob);
        await writer.WriteInBlocksAsync("hello"u8.ToArray());
        using var cancellation = new CancellationTokenSource();

        using var held = await parts.HoldWriterAsync();
        var commit = writer.CommitAsync(cancellation.Token);
        await cancellation.CancelAsync();
        held.Dispose();
        await commit;

        Assert.Equal(["hello"], await parts.Mail.TextsAsync(bob));
    }

    [Fact]
    public async Task A_store_that_another_process_writes_to_for_long_is_unavailable_until_then()
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        parts.Connection.Execute("PRAGMA busy_timeout = 1");
        await using (var other = RawDatabase.Open(_directory.MailDb))
        {
            await using var writing = other.BeginTransaction(deferred: false);
            var fault = await Assert.ThrowsAsync<StoreFault>(() => parts.Mail.DeliverAsync("refused", bob));
            Assert.Equal(StoreFaultKind.Unavailable, fault.Kind);
            Assert.Empty(await parts.Mail.TextsAsync(bob));
        }

        await parts.Mail.DeliverAsync("taken", bob);

        Assert.Equal(["taken"], await parts.Mail.TextsAsync(bob));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(2_000_000)]
    public async Task A_full_disk_refuses_a_message_and_the_store_lives_on(int length)
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        await parts.Mail.DeliverAsync("before", bob);
        var pages = parts.Connection.Query<long>("PRAGMA page_count");
        parts.Connection.Execute($"PRAGMA max_page_count = {pages + 10}");

        var fault = await Assert.ThrowsAsync<StoreFault>(() => parts.Mail.DeliverAsync(StoreSteps.Octets(length), bob));
        Assert.Equal(StoreFaultKind.Full, fault.Kind);
        await parts.Mail.DeliverAsync("small enough", bob);
        parts.Connection.Execute("PRAGMA max_page_count = 1000000");
        await parts.Mail.DeliverAsync(StoreSteps.Octets(length), bob);

        await using var maildrop = await parts.Mail.OpenAsync(bob);
        Assert.Equal([6, 12, length], maildrop.Entries.Select(entry => (int)entry.Octets));
    }

    [Fact]
    public async Task A_disk_that_fills_up_within_a_message_leaves_nothing_of_it()
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        parts.Connection.Execute("PRAGMA max_page_count = 400");

        var fault = await Assert.ThrowsAsync<StoreFault>(() => parts.Mail.DeliverAsync(StoreSteps.Octets(3_000_000), bob));
        await parts.Mail.DeliverAsync("next", bob);

        Assert.Equal(StoreFaultKind.Full, fault.Kind);
        Assert.Equal(1, RawDatabase.Query<long>(_directory.MailDb, "SELECT count(*) FROM chunks"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task Mail_is_refused_and_can_be_deleted_when_the_reserve_is_reached(int length)
    {
        await using var parts = new SqliteParts(_directory.MailDb) { FreeOnDisk = DiskReserve.MaxReserve };
        var bob = await parts.Accounts.AddAsync("bob");
        await parts.Mail.DeliverAsync(StoreSteps.Octets(length), bob);

        parts.FreeOnDisk = DiskReserve.MaxReserve - 10_000_000;
        var fault = await Assert.ThrowsAsync<StoreFault>(() => parts.Mail.DeliverAsync(StoreSteps.Octets(length), bob));
        Assert.Equal(StoreFaultKind.Full, fault.Kind);

        await using var maildrop = await parts.Mail.OpenAsync(bob);
        await maildrop.UpdateAsync([0], []);
        Assert.Equal(0, RawDatabase.Query<long>(_directory.MailDb, "SELECT count(*) FROM messages"));
    }

    [Fact]
    public async Task Room_within_the_file_counts_as_room()
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        await parts.Mail.DeliverAsync(StoreSteps.Octets(2_000_000), bob);
        await using (var maildrop = await parts.Mail.OpenAsync(bob))
            await maildrop.UpdateAsync([0], []);

        parts.FreeOnDisk = DiskReserve.MaxReserve - 1_000_000;

        await parts.Mail.DeliverAsync("hello", bob);
    }

    [Fact]
    public async Task Readers_do_not_wait_for_the_writer()
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        await parts.Mail.DeliverAsync("hello", bob);

        using var held = await parts.HoldWriterAsync();

        Assert.Equal(["hello"], await parts.Mail.TextsAsync(bob));
        Assert.NotNull(await parts.Accounts.FindAsync("bob"));
        held.Dispose();
    }

    [Fact]
    public async Task A_hundred_thousand_messages_are_deleted_together()
    {
        await using var parts = new SqliteParts(_directory.MailDb);
        var bob = await parts.Accounts.AddAsync("bob");
        RawDatabase.Execute(_directory.MailDb, $"""
            WITH RECURSIVE n(i) AS (VALUES (1000) UNION ALL SELECT i + 1 FROM n WHERE i < 100999)
            INSERT INTO messages SELECT i, 1, 0, 1, NULL FROM n;
            INSERT INTO chunks SELECT id * 65536, x'2e' FROM messages;
            INSERT INTO maildrop SELECT {bob.Id}, id, id, 1, 0, NULL FROM messages;
            """);

        await using var maildrop = await parts.Mail.OpenAsync(bob);
        await maildrop.UpdateAsync([.. Enumerable.Range(0, 100_000)], []);

        Assert.Equal(0, RawDatabase.Query<long>(_directory.MailDb, "SELECT (SELECT count(*) FROM chunks) + (SELECT count(*) FROM messages)"));
    }
}
