using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>The log is carried over into the file while mail comes in without a pause, and begins anew.</summary>
public sealed class WriteAheadLogTests : IDisposable
{
    private const int Octets = 1024 * 1024;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_log_that_is_written_to_without_a_pause_stays_short()
    {
        await using var store = SqliteStorage.Open(_directory.Path);
        var bob = await store.Accounts.AddAsync("bob");
        var text = StoreSteps.Octets(Octets);
        var longest = 0L;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var count = 0; count < 25; count++)
            {
                await store.Mail.DeliverAsync(text, bob);
                longest = Math.Max(longest, LengthOf("-wal"));
            }
        })));

        // It overshoots by what is written before it is seen that it was too long.
        Assert.InRange(longest, 1, 4 * Checkpointer.MaxLength);
        Assert.True(LengthOf("") > 50 * Octets, $"mail.db has {LengthOf("")} octets");
    }

    private long LengthOf(string suffix) => new FileInfo(_directory.MailDb + suffix).Length;
}
