using MailServer.Core.Accounts;

namespace MailServer.Storage.Tests;

/// <summary>What every store promises about aliases.</summary>
public abstract class AliasContractTests<TBackend> : IAsyncLifetime
    where TBackend : IStoreBackend, new()
{
    private readonly TBackend _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task An_alias_is_kept_replaced_and_removed()
    {
        await SetAsync("Info", "carol", "Bob");
        await SetAsync("help", "Bob");
        await _store.ReopenAsync();

        Assert.Equal(["help: Bob", "Info: Bob, carol"], await ListAsync());
        Assert.Equal("Info: Bob, carol", Text(await FindAsync("iNFO")));
        Assert.Equal(default, await _store.Accounts.LookUpAsync(Name("Bob"), CancellationToken.None));

        await SetAsync("INFO", "dave");
        Assert.Equal(["help: Bob", "INFO: dave"], await ListAsync());
        Assert.True(await _store.Accounts.RemoveAliasAsync(Name("info"), CancellationToken.None));
        Assert.False(await _store.Accounts.RemoveAliasAsync(Name("info"), CancellationToken.None));
        Assert.Null(await FindAsync("info"));
        await _store.ReopenAsync();
        Assert.Equal(["help: Bob"], await ListAsync());
    }

    [Fact]
    public async Task No_account_is_made_under_an_aliass_name()
    {
        await SetAsync("info", "bob");

        Assert.Null(await _store.Accounts.AddAsync(Name("INFO"), null, CancellationToken.None));
        Assert.Null(await _store.Accounts.FindAsync("info"));
        await _store.Accounts.RemoveAliasAsync(Name("info"), CancellationToken.None);
        Assert.NotNull(await _store.Accounts.AddAsync(Name("info"), null, CancellationToken.None));
    }

    [Fact]
    public async Task An_account_may_have_an_alias_of_its_name()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await SetAsync("bob", "bob", "carol");

        Assert.Equal(bob, await _store.Accounts.FindAsync("bob"));
        Assert.Equal("bob: bob, carol", Text(await FindAsync("bob")));
        Assert.Equal(bob, (await _store.Accounts.LookUpAsync(Name("BOB"), CancellationToken.None)).Account);
    }

    [Fact]
    public async Task A_removed_account_is_no_target_any_more_so_that_who_takes_its_name_gets_nothing_of_others()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await SetAsync("info", "bob", "carol");
        await SetAsync("help", "bob");

        await _store.Accounts.RemoveAsync(bob, CancellationToken.None);
        await _store.Accounts.AddAsync("bob");

        Assert.Equal(["info: carol"], await ListAsync());
    }

    private static AccountName Name(string text) => AccountName.TryParse(text)!;

    private static string? Text(Alias? alias) => alias is null ? null : $"{alias.Name}: {string.Join(", ", alias.Targets)}";

    private async Task SetAsync(string name, params string[] targets) =>
        await _store.Accounts.SetAliasAsync(new Alias(Name(name), [.. targets.Select(Name)]), CancellationToken.None);

    private async Task<Alias?> FindAsync(string name) => (await _store.Accounts.LookUpAsync(Name(name), CancellationToken.None)).Alias;

    private async Task<List<string?>> ListAsync() => [.. (await _store.Accounts.ListAliasesAsync(CancellationToken.None)).Select(Text)];
}
