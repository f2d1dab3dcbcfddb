using MailServer.Core.Mail;

namespace MailServer.Storage.Tests;

/// <summary>What every store promises about maildrops.</summary>
public abstract class MaildropContractTests<TBackend> : IAsyncLifetime
    where TBackend : IStoreBackend, new()
{
    private readonly TBackend _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_maildrop_is_held_by_one_session_until_disposed()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var carol = await _store.Accounts.AddAsync("carol");
        var first = await _store.Mail.OpenAsync(bob);

        Assert.Null(await _store.Mail.OpenMaildropAsync(bob, CancellationToken.None));
        await using var other = await _store.Mail.OpenAsync(carol);

        await first.DisposeAsync();
        await using var second = await _store.Mail.OpenAsync(bob);
    }

    [Fact]
    public async Task A_maildrop_disposed_twice_does_not_free_the_next_session()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var first = await _store.Mail.OpenAsync(bob);
        await first.DisposeAsync();
        await using var second = await _store.Mail.OpenAsync(bob);

        await first.DisposeAsync();

        Assert.Null(await _store.Mail.OpenMaildropAsync(bob, CancellationToken.None));
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(100)]
    public async Task Messages_read_one_after_the_other_are_each_their_own(int buffer)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var texts = Enumerable.Range(0, 120).Select(i => $"{i} " + new string((char)('a' + (i % 26)), i * i % 20_000)).ToList();
        foreach (var text in texts)
            await _store.Mail.DeliverAsync(text, bob);

        await using var maildrop = await _store.Mail.OpenAsync(bob);
        foreach (var start in new[] { 0, 50, 7 })
        {
            for (var i = start; i < texts.Count; i++)
                Assert.Equal(texts[i], System.Text.Encoding.UTF8.GetString(await maildrop.OctetsAsync(i, buffer)));
        }
    }

    [Fact]
    public async Task A_snapshot_does_not_see_later_deliveries()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.DeliverAsync("early", bob);
        await using (var maildrop = await _store.Mail.OpenAsync(bob))
        {
            await _store.Mail.DeliverAsync("late", bob);
            Assert.Single(maildrop.Entries);
            Assert.Equal("early", await maildrop.TextAsync(0));
        }

        Assert.Equal(["early", "late"], await _store.Mail.TextsAsync(bob));
    }

    [Fact]
    public async Task Deleting_ones_copy_leaves_the_others()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var carol = await _store.Accounts.AddAsync("carol");
        await _store.Mail.DeliverAsync("shared", bob, carol);
        await using var hers = await _store.Mail.OpenAsync(carol);
        await using (var his = await _store.Mail.OpenAsync(bob))
            await his.UpdateAsync([0], []);

        Assert.Equal("shared", await hers.TextAsync(0));
        Assert.Empty(await _store.Mail.TextsAsync(bob));
    }

    [Fact]
    public async Task Deletions_and_read_marks_are_carried_out_at_the_commit_only()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        foreach (var text in new[] { "1", "2", "3" })
            await _store.Mail.DeliverAsync(text, bob);
        await using (var idle = await _store.Mail.OpenAsync(bob))
            Assert.Equal(3, idle.Entries.Count);

        await using (var maildrop = await _store.Mail.OpenAsync(bob))
        {
            await maildrop.UpdateAsync(deleted: [1], read: [0, 1]);
            Assert.Equal(3, maildrop.Entries.Count);
        }

        await using var after = await _store.Mail.OpenAsync(bob);
        Assert.Equal([new MaildropEntry(1, IsRead: true), new MaildropEntry(1, IsRead: false)], after.Entries);
        Assert.Equal("3", await after.TextAsync(1));
    }

    [Fact]
    public async Task A_cancelled_commit_deletes_nothing()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.DeliverAsync("kept", bob);
        await using (var maildrop = await _store.Mail.OpenAsync(bob))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await maildrop.CommitAsync([0], [0], new CancellationToken(canceled: true)));
        }

        Assert.Equal(["kept"], await _store.Mail.TextsAsync(bob));
    }

    [Fact]
    public async Task A_commit_after_the_account_was_removed_harms_nobody()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var carol = await _store.Accounts.AddAsync("carol");
        await _store.Mail.DeliverAsync("shared", bob, carol);
        await using (var maildrop = await _store.Mail.OpenAsync(bob))
        {
            await _store.Accounts.RemoveAsync(bob, CancellationToken.None);
            await maildrop.UpdateAsync([0], []);
        }

        Assert.Equal(["shared"], await _store.Mail.TextsAsync(carol));
    }

    [Fact]
    public async Task Unique_ids_are_valid_and_stay_over_sessions_and_restarts()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.DeliverAsync("1", bob);
        await _store.Mail.DeliverAsync("2", bob);
        var before = await UniqueIdsAsync();

        await _store.ReopenAsync();

        Assert.Equal(before, await UniqueIdsAsync());
        Assert.Equal(2, before.Distinct().Count());
        Assert.All(before, id => Assert.InRange(id.Length, 1, IMaildrop.MaxUniqueId));
        Assert.All(before, id => Assert.All(id, c => Assert.InRange(c, '\x21', '\x7E')));

        async Task<List<string>> UniqueIdsAsync()
        {
            await using var maildrop = await _store.Mail.OpenAsync(bob);
            return [.. Enumerable.Range(0, maildrop.Entries.Count).Select(index => maildrop.UniqueId(index))];
        }
    }

    [Fact]
    public async Task A_unique_id_is_not_used_again_after_a_deletion()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var seen = new HashSet<string>();
        for (var round = 0; round < 3; round++)
        {
            await _store.Mail.DeliverAsync("again", bob);
            await using (var maildrop = await _store.Mail.OpenAsync(bob))
            {
                Assert.True(seen.Add(maildrop.UniqueId(0)));
                await maildrop.UpdateAsync([0], []);
            }

            await _store.ReopenAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(200_000)]
    [InlineData(1_000_000)]
    public async Task Reading_fills_the_buffer_whatever_its_size(int buffer)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        var octets = StoreSteps.Octets(Math.Min(600_000, buffer * 2000));
        await _store.Mail.DeliverAsync(octets, bob);

        await using var maildrop = await _store.Mail.OpenAsync(bob);

        Assert.Equal(octets, await maildrop.OctetsAsync(0, buffer));
        Assert.Equal(Math.Min(buffer, octets.Length), await maildrop.ReadAsync(0, 0, new byte[buffer], CancellationToken.None));
    }

    [Fact]
    public async Task Reading_past_the_end_gives_nothing()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.DeliverAsync("hello", bob);
        await using var maildrop = await _store.Mail.OpenAsync(bob);

        Assert.Equal(1, await maildrop.ReadAsync(0, 4, new byte[10], CancellationToken.None));
        Assert.Equal(0, await maildrop.ReadAsync(0, 5, new byte[10], CancellationToken.None));
        Assert.Equal(0, await maildrop.ReadAsync(0, 1_000_000, new byte[10], CancellationToken.None));
    }

    [Fact]
    public async Task Mail_and_read_marks_outlive_a_restart()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.DeliverAsync("hello", bob);
        await using (var maildrop = await _store.Mail.OpenAsync(bob))
            await maildrop.UpdateAsync([], [0]);

        await _store.ReopenAsync();

        await using var after = await _store.Mail.OpenAsync((await _store.Accounts.FindAsync("bob"))!);
        Assert.True(Assert.Single(after.Entries).IsRead);
        Assert.Equal("hello", await after.TextAsync(0));
    }
}
