using MailServer.Core.Mail;

namespace MailServer.Storage.Tests;

/// <summary>Whatever goes wrong around the one writer of the store, those behind it do not wait for ever.</summary>
public sealed class WriterLivesOnTests : IDisposable
{
    // Only a broken writer makes a test wait this long.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<Exception> _failed = [];
    private readonly List<Exception> _broken = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_listener_that_throws_harms_neither_the_write_nor_the_next_ones()
    {
        var parts = Open();
        parts.Queue.Committed += (_, _) => throw new InvalidOperationException("listener");

        var bob = await parts.Accounts.AddAsync("bob").WaitAsync(Hang);
        await parts.Mail.DeliverAsync("hello", bob).WaitAsync(Hang);
        Assert.Equal(["hello"], await parts.Mail.TextsAsync(bob));
        await parts.DisposeAsync().AsTask().WaitAsync(Hang);

        Assert.Equal(["listener", "listener"], _failed.Select(failure => failure.Message));
        Assert.Empty(_broken);
    }

    [Fact]
    public async Task A_rollback_that_fails_costs_a_connection_and_no_more()
    {
        var parts = Open();
        var bob = await parts.Accounts.AddAsync("bob");
        using var held = await parts.HoldWriterAsync();
        var poisoned = parts.Queue.Enqueue(
            writer =>
            {
                writer.Accounts.Remove(bob);
                parts.Connection.Dispose();
            },
            CancellationToken.None);
        var beside = parts.Mail.DeliverAsync("beside", bob);
        held.Dispose();

        foreach (var write in new[] { poisoned, beside })
        {
            var fault = await Assert.ThrowsAsync<StoreFault>(() => write.WaitAsync(Hang));
            Assert.Equal(StoreFaultKind.Unavailable, fault.Kind);
        }

        await parts.Mail.DeliverAsync("after", bob).WaitAsync(Hang);
        Assert.Equal(["after"], await parts.Mail.TextsAsync(bob));
        await parts.DisposeAsync().AsTask().WaitAsync(Hang);
        Assert.NotEmpty(_failed);
        Assert.Empty(_broken);
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_again_is_unavailable_until_it_can()
    {
        var parts = Open();
        var bob = await parts.Accounts.AddAsync("bob");
        var elsewhere = _directory.MailDb + ".away";
        await Assert.ThrowsAsync<StoreFault>(() => parts.Queue.Enqueue(
            _ =>
            {
                // Whoever opens the store now finds a folder in its place.
                File.Move(_directory.MailDb, elsewhere);
                Directory.CreateDirectory(_directory.MailDb);
                parts.Connection.Dispose();
            },
            CancellationToken.None).WaitAsync(Hang));

        await Assert.ThrowsAsync<StoreFault>(() => parts.Mail.DeliverAsync("refused", bob).WaitAsync(Hang));
        Directory.Delete(_directory.MailDb);
        File.Move(elsewhere, _directory.MailDb);
        await parts.Mail.DeliverAsync("taken", bob).WaitAsync(Hang);

        Assert.Equal(["taken"], await parts.Mail.TextsAsync(bob));
        await parts.DisposeAsync().AsTask().WaitAsync(Hang);
    }

    [Fact]
    public async Task What_cannot_be_is_told_and_fails_those_who_wait()
    {
        var parts = Open();
        using var held = await parts.HoldWriterAsync();
        var impossible = parts.Queue.Enqueue(_ => throw new Unspeakable(), CancellationToken.None);
        var beside = parts.Accounts.AddAsync("bob");
        held.Dispose();

        await Assert.ThrowsAsync<StoreFault>(() => impossible.WaitAsync(Hang));
        await Assert.ThrowsAsync<StoreFault>(() => beside.WaitAsync(Hang));
        Assert.IsType<Unspeakable>(Assert.Single(_broken));
        await parts.Accounts.AddAsync("bob").WaitAsync(Hang);
        await parts.DisposeAsync().AsTask().WaitAsync(Hang);
    }

    private SqliteParts Open()
    {
        var parts = new SqliteParts(_directory.MailDb);
        parts.Queue.Failed += _failed.Add;
        parts.Queue.OnBroken = _broken.Add;
        return parts;
    }

    // An error that cannot even be turned into a fault.
    private sealed class Unspeakable : Exception
    {
        public override string Message => throw this;
    }
}
