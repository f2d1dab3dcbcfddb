using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>Every kind of damage is found and comes with something to do; a sound store is left in peace.</summary>
public sealed class StoreCheckTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_sound_store_is_sound_also_while_mail_comes_in()
    {
        await using var store = await FillAsync();
        var bob = (await store.Accounts.FindAsync("bob"))!;
        await using var writer = store.Mail.Begin(bob);
        await writer.WriteInBlocksAsync(StoreSteps.Octets(500_000));

        var (findings, figures) = StoreCheck.Run(_directory.Path);

        Assert.Empty(findings);
        Assert.Equal((2, 3), (figures!.Accounts, figures.Messages));
        Assert.Equal(1_000_005 + 5 + 4, figures.Octets);
    }

    [Theory]
    [InlineData("INSERT INTO chunks VALUES (99 * 65536, x'2e')", "1 chunks belong to no message")]
    [InlineData("DELETE FROM chunks WHERE id % 65536 = 1", "1 messages are not as long as they should be")]
    [InlineData("UPDATE chunks SET octets = x'2e' WHERE id % 65536 = 0", "3 messages are not as long as they should be")]
    [InlineData("DELETE FROM maildrop WHERE size = 4", "1 messages lie in no mailbox")]
    [InlineData("UPDATE messages SET copies = 7 WHERE size = 5", "1 messages lie in another count of mailboxes")]
    [InlineData("DELETE FROM messages WHERE size = 5", "2 entries of mailboxes have no message")]
    [InlineData("UPDATE maildrop SET size = 6 WHERE size = 4", "1 entries of mailboxes have another size")]
    [InlineData("UPDATE messages SET reverse_path = '' WHERE size = 4", "1 entries of mailboxes have another size")]
    [InlineData("DELETE FROM accounts WHERE key = 'carol'", "1 entries of mailboxes belong to no account")]
    [InlineData("UPDATE store SET next_number = 3", "1 counter would give numbers a second time")]
    public async Task Damage_is_found(string damage, string problem)
    {
        await (await FillAsync()).DisposeAsync();
        RawDatabase.Execute(_directory.MailDb, damage);

        var findings = StoreCheck.Run(_directory.Path).Findings;

        Assert.Contains(findings, finding => finding.Problem.StartsWith(problem, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.NotEmpty(finding.Remedy));
    }

    [Fact]
    public async Task A_file_with_overwritten_pages_is_damaged()
    {
        await (await FillAsync()).DisposeAsync();
        await using (var file = File.OpenWrite(_directory.MailDb))
        {
            file.Position = 4096;
            await file.WriteAsync(StoreSteps.Octets(30 * 4096));
        }

        Assert.NotEmpty(StoreCheck.Run(_directory.Path).Findings);
    }

    private async Task<SqliteStorage> FillAsync()
    {
        var store = SqliteStorage.Open(_directory.Path);
        var bob = await store.Accounts.AddAsync("bob");
        var carol = await store.Accounts.AddAsync("carol");
        await store.Mail.DeliverAsync("hello", bob, carol);
        await store.Mail.DeliverAsync("mine", bob);
        await using var writer = store.Mail.Begin(new Envelope("grüße@exämple.test", [bob], DateTimeOffset.UnixEpoch));
        await writer.WriteInBlocksAsync(StoreSteps.Octets(1_000_005));
        await writer.CommitAsync(CancellationToken.None);
        return store;
    }
}
