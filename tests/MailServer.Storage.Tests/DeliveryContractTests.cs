using System.Buffers;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Tests;

/// <summary>What every store promises about messages on their way in.</summary>
public abstract class DeliveryContractTests<TBackend> : IAsyncLifetime
    where TBackend : IStoreBackend, new()
{
    private readonly TBackend _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(3 * 1024 * 1024)]
    public Task A_message_of_any_length_comes_back_octet_for_octet(int length) => ComesBackAsync(length);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_message_at_a_boundary_of_the_store_comes_back_octet_for_octet(int beyond)
    {
        foreach (var boundary in TBackend.Boundaries)
            await ComesBackAsync(boundary + beyond);
    }

    private async Task ComesBackAsync(int length)
    {
        var bob = await _store.Accounts.AddAsync($"bob-{length}");
        var octets = StoreSteps.Octets(length);

        await _store.Mail.DeliverAsync(octets, bob);

        await using var maildrop = await _store.Mail.OpenAsync(bob);
        Assert.Equal(length, Assert.Single(maildrop.Entries).Octets);
        Assert.Equal(octets, await maildrop.OctetsAsync(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public async Task Blocks_may_have_any_size(int block)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var octets = StoreSteps.Octets(Math.Min(1_500_000, block * 2000));
        await using (var writer = _store.Mail.Begin(bob))
        {
            await writer.WriteInBlocksAsync(octets, block);
            Assert.Equal(octets.Length, writer.Length);
            await writer.CommitAsync(CancellationToken.None);
        }

        await using var maildrop = await _store.Mail.OpenAsync(bob);
        Assert.Equal(octets, await maildrop.OctetsAsync(0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_mailbox_holds_as_much_as_it_may_and_a_full_one_puts_a_message_off_for_everybody(int over)
    {
        var (bob, carol) = (await _store.Accounts.AddAsync("bob"), await _store.Accounts.AddAsync("carol"));
        await _store.Mail.DeliverAsync(new string('a', 600), bob);
        await using var writer = _store.Mail.Begin(new Envelope(null, [carol, bob], DateTimeOffset.UnixEpoch) { MailboxSize = 1_000 });
        await writer.WriteInBlocksAsync(new byte[400 + over]);

        if (over > 0)
            Assert.Equal(StoreFaultKind.OverQuota, (await Assert.ThrowsAsync<StoreFault>(() => writer.CommitAsync(CancellationToken.None).AsTask())).Kind);
        else
            await writer.CommitAsync(CancellationToken.None);

        Assert.Equal(over > 0 ? 1 : 2, (await _store.Mail.TextsAsync(bob)).Count);
        Assert.Equal(over > 0 ? 0 : 1, (await _store.Mail.TextsAsync(carol)).Count);
    }

    [Fact]
    public async Task A_message_written_without_a_flush_is_stored_whole()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var octets = StoreSteps.Octets(1_000_000);
        await using (var writer = _store.Mail.Begin(bob))
        {
            writer.Write(octets);
            await writer.CommitAsync(CancellationToken.None);
        }

        await using var maildrop = await _store.Mail.OpenAsync(bob);
        Assert.Equal(octets, await maildrop.OctetsAsync(0));
    }

    [Fact]
    public async Task A_buffer_is_as_large_as_asked_for()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await using var writer = _store.Mail.Begin(bob);

        Assert.NotEmpty(writer.GetMemory().ToArray());
        Assert.True(writer.GetSpan(65_536).Length >= 65_536);
        writer.Advance(100);
        Assert.True(writer.GetMemory(65_536).Length >= 65_536);
        Assert.Equal(100, writer.Length);
    }

    [Fact]
    public async Task Every_recipient_gets_the_message()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var carol = await _store.Accounts.AddAsync("carol");

        await _store.Mail.DeliverAsync("hello", bob, carol);

        Assert.Equal(["hello"], await _store.Mail.TextsAsync(bob));
        Assert.Equal(["hello"], await _store.Mail.TextsAsync(carol));
    }

    [Fact]
    public async Task Messages_lie_in_the_order_of_their_commits()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await using var first = _store.Mail.Begin(bob);
        await first.WriteInBlocksAsync(StoreSteps.Octets(500_000));
        await _store.Mail.DeliverAsync("second begun, first committed", bob);
        await first.CommitAsync(CancellationToken.None);

        await using var maildrop = await _store.Mail.OpenAsync(bob);

        Assert.Equal([29, 500_000], maildrop.Entries.Select(entry => entry.Octets));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task Nothing_is_seen_before_the_commit(int length)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await using var writer = _store.Mail.Begin(bob);
        await writer.WriteInBlocksAsync(StoreSteps.Octets(length));

        await using var maildrop = await _store.Mail.OpenAsync(bob);

        Assert.Empty(maildrop.Entries);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task A_message_disposed_before_its_commit_never_happened(int length)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await using (var writer = _store.Mail.Begin(bob))
            await writer.WriteInBlocksAsync(StoreSteps.Octets(length));
        await _store.Mail.DeliverAsync("next", bob);

        Assert.Equal(["next"], await _store.Mail.TextsAsync(bob));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    public async Task A_commit_cancelled_before_it_began_did_not_happen(int length)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await using (var writer = _store.Mail.Begin(bob))
        {
            await writer.WriteInBlocksAsync(StoreSteps.Octets(length));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writer.CommitAsync(new CancellationToken(canceled: true)));
        }

        Assert.Empty(await _store.Mail.TextsAsync(bob));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(500_000, false)]
    [InlineData(500_000, true)]
    public async Task A_message_for_an_account_that_was_removed_is_refused_for_everybody(int length, bool isMadeAgain)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var carol = await _store.Accounts.AddAsync("carol");
        await using (var writer = _store.Mail.Begin(carol, bob))
        {
            await writer.WriteInBlocksAsync(StoreSteps.Octets(length));
            await RemoveAsync(bob, isMadeAgain);

            var fault = await Assert.ThrowsAsync<StoreFault>(async () => await writer.CommitAsync(CancellationToken.None));

            Assert.Equal(StoreFaultKind.NoRecipient, fault.Kind);
        }

        // Not a part of it is left, and the store goes on.
        await _store.Mail.DeliverAsync("next", carol);
        Assert.Equal(["next"], await _store.Mail.TextsAsync(carol));
        if (isMadeAgain)
            Assert.Empty(await _store.Mail.TextsAsync((await _store.Accounts.FindAsync("bob"))!));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(500_000, false)]
    [InlineData(500_000, true)]
    public async Task A_moved_message_for_an_account_that_was_removed_is_no_known_one(int length, bool isMadeAgain)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        foreach (var digest in new byte[][] { [], [1] })
        {
            await using var writer = _store.Mail.Begin(bob);
            await writer.WriteInBlocksAsync(StoreSteps.Octets(length));
            await RemoveAsync(bob, isMadeAgain);

            var fault = await Assert.ThrowsAsync<StoreFault>(async () => await writer.CommitMovedAsync(new(null, IsRead: false, digest), CancellationToken.None));

            Assert.Equal((StoreFaultKind.NoRecipient, true), (fault.Kind, fault.Message.Contains("bob", StringComparison.Ordinal)));
            bob = await _store.Accounts.FindAsync("bob") ?? await _store.Accounts.AddAsync("bob");
        }

        Assert.Empty(await _store.Mail.TextsAsync(bob));
    }

    private async Task RemoveAsync(Account account, bool isMadeAgain)
    {
        Assert.True(await _store.Accounts.RemoveAsync(account, CancellationToken.None));
        if (isMadeAgain)
            await _store.Accounts.AddAsync(account.Name.Text);
    }

    [Fact]
    public async Task Parallel_deliveries_are_neither_lost_nor_doubled()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var carol = await _store.Accounts.AddAsync("carol");

        await Task.WhenAll(Enumerable.Range(0, 32).Select(sender => Task.Run(async () =>
        {
            for (var count = 0; count < 50; count++)
                await _store.Mail.DeliverAsync($"{sender}-{count}", bob, carol);
        })));

        var expected = Enumerable.Range(0, 32).SelectMany(sender => Enumerable.Range(0, 50).Select(count => $"{sender}-{count}")).Order();
        Assert.Equal(expected, (await _store.Mail.TextsAsync(bob)).Order());
        Assert.Equal(expected, (await _store.Mail.TextsAsync(carol)).Order());
    }

    [Fact]
    public async Task Parallel_large_messages_do_not_mix()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        int[] lengths = [700_000, 800_000, 900_000, 1_000_000];

        await Task.WhenAll(lengths.Select(length => Task.Run(() => _store.Mail.DeliverAsync(StoreSteps.Octets(length), bob))));

        await using var maildrop = await _store.Mail.OpenAsync(bob);
        Assert.Equal(lengths, maildrop.Entries.Select(entry => (int)entry.Octets).Order());
        for (var index = 0; index < lengths.Length; index++)
            Assert.Equal(StoreSteps.Octets((int)maildrop.Entries[index].Octets), await maildrop.OctetsAsync(index));
    }
}
