using MailServer.Storage.Sqlite;
using MailServer.Testing;

namespace MailServer.Storage.Tests;

/// <summary>A server killed at any moment has kept every message that it said it has.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_message_acknowledged_before_a_kill_is_there_once()
    {
        var acknowledged = new List<string>();
        for (var round = 0; round < 3; round++)
            acknowledged.AddRange(await DeliverUntilKilledAsync(Random.Shared.Next(1, 300)));

        // The leftovers are swept.
        await using var store = SqliteStorage.Open(_directory.Path, sweep: true);
        var bob = await store.Accounts.FindAsync("bob");
        var stored = new List<string>();
        await using var maildrop = await store.Mail.OpenAsync(bob!);
        for (var index = 0; index < maildrop.Entries.Count; index++)
            stored.Add((await maildrop.TextAsync(index)).Split("\r\n")[0]);

        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(acknowledged.Except(stored));
        Assert.Equal("ok", RawDatabase.Query<string>(_directory.MailDb, "PRAGMA integrity_check"));
        Assert.Equal(0, RawDatabase.Query<long>(_directory.MailDb, "SELECT count(*) FROM messages WHERE copies = 0"));
        Assert.Equal(0, RawDatabase.Query<long>(
            _directory.MailDb, "SELECT count(*) FROM chunks WHERE id / 65536 NOT IN (SELECT id FROM messages)"));
    }

    private async Task<List<string>> DeliverUntilKilledAsync(int messages)
    {
        using var writer = Start();
        var acknowledged = new List<string>();
        while (acknowledged.Count < messages && await writer.Output.ReadLineAsync() is { } id)
            acknowledged.Add(id);
        await writer.KillAsync();

        // What it said before it died counts too, but for a line that it could not finish.
        var rest = await writer.Output.ReadToEndAsync();
        acknowledged.AddRange(rest.Split(Environment.NewLine)[..^1]);
        Assert.True(acknowledged.Count >= messages, "the writer died by itself");
        return acknowledged;
    }

    private ProgramProcess Start() =>
        ProgramProcess.Start(Path.Combine(AppContext.BaseDirectory, "MailServer.Storage.CrashWriter.dll"), [_directory.Path]);
}
