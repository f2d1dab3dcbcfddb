using MailServer.Core.Accounts;

namespace MailServer.Storage.Tests;

/// <summary>What every store promises about accounts.</summary>
public abstract class AccountContractTests<TBackend> : IAsyncLifetime
    where TBackend : IStoreBackend, new()
{
    private readonly TBackend _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_name_that_nobody_has_is_not_found()
    {
        Assert.Null(await _store.Accounts.FindAsync("bob"));
    }

    [Theory]
    [InlineData("Bob", "bOB")]
    [InlineData("\u00c9va", "e\u0301va")]
    [InlineData("\u041c\u0430\u0440\u0438\u044f", "\u043c\u0430\u0440\u0438\u044f")]
    public async Task Names_are_compared_without_case_and_in_nfc(string added, string asked)
    {
        var account = await _store.Accounts.AddAsync(added);

        Assert.Equal(account, await _store.Accounts.FindAsync(asked));
        Assert.Equal(added, (await _store.Accounts.FindAsync(asked))!.Name.Text);
        Assert.Null(await _store.Accounts.AddAsync(AccountName.TryParse(asked)!, null, CancellationToken.None));
    }

    [Fact]
    public async Task Of_many_who_add_one_name_at_once_one_gets_it()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            async () => await _store.Accounts.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None))));

        Assert.Single(added, account => account is not null);
    }

    [Fact]
    public async Task A_hash_is_kept_and_replaced()
    {
        var bob = await _store.Accounts.AddAsync(AccountName.TryParse("bob")!, "first", CancellationToken.None);
        Assert.Equal("first", (await _store.Accounts.FindAsync("bob"))!.PasswordHash);

        Assert.True(await _store.Accounts.SetPasswordHashAsync(bob!, "second", CancellationToken.None));
        await _store.ReopenAsync();
        Assert.Equal("second", (await _store.Accounts.FindAsync("bob"))!.PasswordHash);

        Assert.True(await _store.Accounts.SetPasswordHashAsync(bob!, null, CancellationToken.None));
        Assert.True((await _store.Accounts.FindAsync("bob"))!.IsPasswordless);
    }

    [Fact]
    public async Task A_first_hash_is_given_once()
    {
        var bob = await _store.Accounts.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None);

        Assert.True(await _store.Accounts.AddPasswordHashAsync(bob!, "first", CancellationToken.None));
        Assert.False(await _store.Accounts.AddPasswordHashAsync(bob!, "second", CancellationToken.None));
        await _store.ReopenAsync();
        Assert.Equal("first", (await _store.Accounts.FindAsync("bob"))!.PasswordHash);

        Assert.True(await _store.Accounts.RemoveAsync(bob!, CancellationToken.None));
        Assert.False(await _store.Accounts.AddPasswordHashAsync(bob!, "third", CancellationToken.None));
    }

    [Fact]
    public async Task A_removed_account_is_gone_with_its_mail()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await _store.Mail.DeliverAsync("hello", bob);

        Assert.True(await _store.Accounts.RemoveAsync(bob, CancellationToken.None));

        Assert.Null(await _store.Accounts.FindAsync("bob"));
        Assert.False(await _store.Accounts.RemoveAsync(bob, CancellationToken.None));
        Assert.False(await _store.Accounts.SetPasswordHashAsync(bob, "hash", CancellationToken.None));
        Assert.Empty(await _store.Mail.TextsAsync(await _store.Accounts.AddAsync("bob")));
    }

    [Fact]
    public async Task An_account_made_anew_is_another()
    {
        var first = await _store.Accounts.AddAsync("bob");
        await _store.Accounts.RemoveAsync(first, CancellationToken.None);
        await _store.ReopenAsync();
        var second = await _store.Accounts.AddAsync("bob");

        Assert.NotEqual(first.Id, second.Id);
        Assert.False(await _store.Accounts.RemoveAsync(first, CancellationToken.None));
        Assert.Equal(second, await _store.Accounts.FindAsync("bob"));
    }

    [Fact]
    public async Task Accounts_are_listed_in_the_order_of_their_names()
    {
        foreach (var name in new[] { "carol", "Bob", "alice" })
            await _store.Accounts.AddAsync(name);

        var list = await _store.Accounts.ListAsync(CancellationToken.None);

        Assert.Equal(["alice", "Bob", "carol"], list.Select(account => account.Name.Text));
    }
}
