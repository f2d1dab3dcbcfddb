using MailServer.Core.Mail;

namespace MailServer.Storage.Tests;

/// <summary>What every store promises about messages that lay elsewhere before.</summary>
public abstract class MovedContractTests<TBackend> : IAsyncLifetime
    where TBackend : IStoreBackend, new()
{
    private static readonly DateTimeOffset Then = new(2001, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);

    private readonly TBackend _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task A_moved_message_keeps_its_unique_id_read_mark_and_date(int length)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await using (var writer = _store.Mail.Begin(new Envelope(null, [bob], Then)))
        {
            await writer.WriteInBlocksAsync(StoreSteps.Octets(length));
            Assert.True(await writer.CommitMovedAsync(new Provenance("old-id", IsRead: true, new byte[] { 1 }), CancellationToken.None));
        }

        await _store.ReopenAsync();
        await using var maildrop = await _store.Mail.OpenAsync(bob);
        Assert.Equal(new MaildropEntry(length, IsRead: true), Assert.Single(maildrop.Entries));
        Assert.Equal("old-id", maildrop.UniqueId(0));
        Assert.Equal(Then, await maildrop.ReceivedAtAsync(0, CancellationToken.None));
        Assert.Equal(StoreSteps.Octets(length), await maildrop.OctetsAsync(0));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task A_message_is_taken_once_by_each_account_even_when_it_was_deleted(int length)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var carol = await _store.Accounts.AddAsync("carol");
        var known = new Provenance("id", IsRead: false, new byte[] { 1, 2, 3 });

        Assert.True(await _store.Mail.MoveAsync(StoreSteps.Octets(length), known, bob));
        await using (var maildrop = await _store.Mail.OpenAsync(bob))
            await maildrop.UpdateAsync([0], []);
        await _store.ReopenAsync();

        Assert.False(await _store.Mail.MoveAsync(StoreSteps.Octets(length), known, bob));
        Assert.Empty(await _store.Mail.TextsAsync(bob));
        Assert.True(await _store.Mail.MoveAsync(StoreSteps.Octets(length), known, carol));
        Assert.True(await _store.Mail.MoveAsync(StoreSteps.Octets(length), known with { Digest = default }, bob));
    }

    [Theory]
    [InlineData("")]
    [InlineData("has blank")]
    [InlineData("caf\u00e9")]
    [InlineData("taken")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_unique_id_that_cannot_be_kept_is_replaced(string uniqueId)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.MoveAsync([1], new Provenance("taken", IsRead: false, default), bob);
        await _store.Mail.MoveAsync([2], new Provenance(uniqueId, IsRead: false, default), bob);

        await using var maildrop = await _store.Mail.OpenAsync(bob);
        Assert.Equal("taken", maildrop.UniqueId(0));
        Assert.NotEqual(uniqueId, maildrop.UniqueId(1));
        Assert.NotEqual("taken", maildrop.UniqueId(1));
        Assert.All(maildrop.UniqueId(1), c => Assert.InRange(c, '\x21', '\x7E'));
    }

    [Fact]
    public async Task No_unique_id_is_there_twice_whatever_a_moved_message_claims()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.DeliverAsync("ours", bob);
        var own = "";
        await using (var maildrop = await _store.Mail.OpenAsync(bob))
            own = maildrop.UniqueId(0);
        var start = own[..(own.IndexOf('.', StringComparison.Ordinal) + 1)];

        for (var claimed = 0; claimed < 40; claimed++)
            await _store.Mail.MoveAsync([1], new Provenance($"{start}{claimed}", IsRead: false, default), bob);
        for (var count = 0; count < 40; count++)
            await _store.Mail.DeliverAsync("ours", bob);

        await using var after = await _store.Mail.OpenAsync(bob);
        var ids = Enumerable.Range(0, after.Entries.Count).Select(index => after.UniqueId(index)).ToList();
        Assert.Equal(81, ids.Distinct().Count());
        Assert.Equal(own, ids[0]);
    }

    [Fact]
    public async Task Messages_that_are_committed_without_waiting_lie_in_the_order_of_the_calls()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var writers = Enumerable.Range(0, 64).Select(_ => _store.Mail.Begin(bob)).ToList();
        for (var index = 0; index < writers.Count; index++)
            await writers[index].WriteInBlocksAsync(new byte[(index * 997 % 65_000) + 1]);

        await Task.WhenAll(writers.Select(writer => writer.CommitMovedAsync(new Provenance(null, IsRead: false, default), CancellationToken.None).AsTask()));

        foreach (var writer in writers)
            await writer.DisposeAsync();
        await using var maildrop = await _store.Mail.OpenAsync(bob);
        Assert.Equal(Enumerable.Range(0, 64).Select(index => (index * 997 % 65_000) + 1L), maildrop.Entries.Select(entry => entry.Octets));
    }

    [Fact]
    public async Task A_message_that_a_full_mailbox_refused_is_not_remembered()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var known = new Provenance(null, IsRead: false, new byte[] { 1 });
        await using (var writer = _store.Mail.Begin(new Envelope(null, [bob], Then) { MailboxSize = 10 }))
        {
            await writer.WriteInBlocksAsync(new byte[11]);
            var fault = await Assert.ThrowsAsync<StoreFault>(() => writer.CommitMovedAsync(known, CancellationToken.None).AsTask());
            Assert.Equal(StoreFaultKind.OverQuota, fault.Kind);
        }

        Assert.True(await _store.Mail.MoveAsync(new byte[11], known, bob));
    }

    [Fact]
    public async Task A_removed_account_forgets_what_it_took()
    {
        var known = new Provenance(null, IsRead: false, new byte[] { 1 });
        var bob = await _store.Accounts.AddAsync("bob");
        Assert.True(await _store.Mail.MoveAsync([1], known, bob));
        await _store.Accounts.RemoveAsync(bob, CancellationToken.None);

        Assert.True(await _store.Mail.MoveAsync([1], known, await _store.Accounts.AddAsync("bob")));
    }
}
