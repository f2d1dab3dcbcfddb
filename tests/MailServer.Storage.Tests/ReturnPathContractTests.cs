using System.Text;
using MailServer.Core.Mail;

namespace MailServer.Storage.Tests;

/// <summary>What every store promises about the sender, who is no part of the text (RFC 5321 4.4).</summary>
public abstract class ReturnPathContractTests<TBackend> : IAsyncLifetime
    where TBackend : IStoreBackend, new()
{
    private readonly TBackend _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData("", 0)]
    [InlineData("alice@example.test", 4096)]
    [InlineData("grüße@exämple.test", 1_000_000)]
    public async Task The_sender_stands_above_the_text_when_it_is_handed_out(string reversePath, int length)
    {
        var (bob, carol) = (await _store.Accounts.AddAsync("bob"), await _store.Accounts.AddAsync("carol"));
        var text = StoreSteps.Octets(length);
        byte[] whole = [.. Encoding.UTF8.GetBytes($"Return-Path: <{reversePath}>\r\n"), .. text];
        await using (var writer = _store.Mail.Begin(new Envelope(reversePath, [bob, carol], DateTimeOffset.UnixEpoch) { MailboxSize = whole.Length }))
        {
            await writer.WriteInBlocksAsync(text);
            Assert.Equal(length, writer.Length);
            await writer.CommitAsync(CancellationToken.None);
        }

        foreach (var account in new[] { bob, carol })
        {
            await using var maildrop = await _store.Mail.OpenAsync(account);
            Assert.Equal(whole.Length, Assert.Single(maildrop.Entries).Octets);
            Assert.Equal(whole, await maildrop.OctetsAsync(0));
            Assert.Equal(whole, await maildrop.OctetsAsync(0, whole.Length));
            Assert.Equal(whole, await maildrop.OctetsAsync(0, (whole.Length / 100) + 1));
        }
    }

    [Fact]
    public async Task A_mailbox_holds_the_senders_octets_too()
    {
        var bob = await _store.Accounts.AddAsync("bob");
        await using var writer = _store.Mail.Begin(new Envelope("a@b.test", [bob], DateTimeOffset.UnixEpoch) { MailboxSize = 100 });
        await writer.WriteInBlocksAsync(new byte[76]);

        Assert.Equal(StoreFaultKind.OverQuota, (await Assert.ThrowsAsync<StoreFault>(() => writer.CommitAsync(CancellationToken.None).AsTask())).Kind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Small_messages_are_read_in_blocks_of_any_size_with_their_senders(int block)
    {
        var bob = await _store.Accounts.AddAsync("bob");
        for (var i = 0; i < 5; i++)
        {
            await using var writer = _store.Mail.Begin(new Envelope(i % 2 == 0 ? $"a{i}@b.test" : null, [bob], DateTimeOffset.UnixEpoch));
            await writer.WriteInBlocksAsync(Encoding.UTF8.GetBytes($"text {i}\r\n"));
            await writer.CommitAsync(CancellationToken.None);
        }

        await using var maildrop = await _store.Mail.OpenAsync(bob);
        for (var i = 0; i < 5; i++)
        {
            var text = (i % 2 == 0 ? $"Return-Path: <a{i}@b.test>\r\n" : "") + $"text {i}\r\n";
            Assert.Equal(text, Encoding.UTF8.GetString(await maildrop.OctetsAsync(i, block)));
        }
    }
}
