using System.Globalization;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>
/// Each page of a store in turn is overwritten, as a failing disk does it. No backup takes the damage over, a message that cannot be read
/// is told apart from a store that does not answer, and everything that lies on other pages is still read.
/// </summary>
public sealed class DamageTests : IAsyncLifetime, IDisposable
{
    private const int PageSize = 4096;
    private const int Many = 700;
    private const int HeaderOfFile = 1;

    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _backup = new();
    private byte[] _sound = [];
    private Account _bob = null!;

    public async Task InitializeAsync()
    {
        await using (var store = SqliteStorage.Open(_directory.Path))
        {
            _bob = await store.Accounts.AddAsync("bob");
            foreach (var length in new[] { 10, 3_000, 9_000, 20_000, 300_000 })
                await store.Mail.DeliverAsync(StoreSteps.Octets(length), _bob);
        }

        // So many that lists take several pages.
        RawDatabase.Execute(_directory.MailDb, $"""
            CREATE TEMP TABLE number AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Many}) SELECT i + 1000 AS i FROM n;
            INSERT INTO messages SELECT i, 4, 0, 1, NULL FROM number;
            INSERT INTO chunks SELECT i * 65536, x'610D0A0A' FROM number;
            INSERT INTO maildrop SELECT {_bob.Id}, i, i, 4, 0, NULL FROM number;
            UPDATE store SET next_number = 9000;
            PRAGMA wal_checkpoint(TRUNCATE);
            """);
        _sound = await File.ReadAllBytesAsync(_directory.MailDb);
        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _directory.Dispose();
        _backup.Dispose();
    }

    [Fact]
    public async Task No_damage_of_a_page_goes_into_a_backup()
    {
        for (var page = HeaderOfFile + 1; page <= _sound.Length / PageSize; page++)
        {
            await DamageAsync(page);
            await File.WriteAllTextAsync(_backup.MailDb, "the last one");

            var fault = Assert.Throws<StoreFault>(() => StoreBackup.Write(_directory.Path, _backup.MailDb, CancellationToken.None));

            Assert.Contains("; ", fault.Message, StringComparison.Ordinal);
            Assert.Contains("restore a backup", fault.Message, StringComparison.Ordinal);
            Assert.Equal([_backup.MailDb], Directory.GetFiles(_backup.Path));
            Assert.Equal("the last one", await File.ReadAllTextAsync(_backup.MailDb));
        }
    }

    [Fact]
    public async Task What_is_missing_goes_into_no_backup_either_but_what_only_takes_room_does()
    {
        await File.WriteAllTextAsync(_backup.MailDb, "the last one");
        RawDatabase.Execute(_directory.MailDb, "INSERT INTO chunks VALUES (8999 * 65536, x'2e')");
        StoreBackup.Write(_directory.Path, _backup.MailDb, CancellationToken.None);

        var before = new FileInfo(_backup.MailDb).Length;
        RawDatabase.Execute(_directory.MailDb, "DELETE FROM chunks WHERE id = 1001 * 65536");
        var fault = Assert.Throws<StoreFault>(() => StoreBackup.Write(_directory.Path, _backup.MailDb, CancellationToken.None));

        Assert.Contains("1 messages are not as long as they should be", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, new FileInfo(_backup.MailDb).Length);
    }

    [Fact]
    public async Task A_damaged_page_makes_no_message_on_others_unreadable()
    {
        var (unread, listsDamaged, rootsDamaged) = (0, 0, 0);
        for (var page = HeaderOfFile + 1; page <= _sound.Length / PageSize; page++)
        {
            await DamageAsync(page);
            Assert.NotNull(StoreCheck.DamageOf(_directory.Path));
            var isListed = await IsListedAsync();
            await using var salvaged = await SalvageAsync();
            var maildrop = salvaged!.Maildrop;
            if (maildrop.Entries.Count == 0)
                rootsDamaged++;
            else if (!salvaged.IsWhole)
                listsDamaged++;
            Assert.True(maildrop.Entries.Count is 0 or > Many / 2);
            Assert.True(isListed is null || isListed == salvaged.IsWhole);
            Assert.True(!salvaged.IsWhole || maildrop.Entries.Count == Many + 5);
            unread += await CountDamagedAsync(maildrop);
        }

        Assert.True(unread > Many, string.Create(CultureInfo.InvariantCulture, $"only {unread} were damaged"));
        Assert.True(listsDamaged > 2, "no list was damaged");

        // The page that leads to all others of the list.
        Assert.Equal(1, rootsDamaged);
    }

    [Fact]
    public async Task Where_the_end_of_the_file_is_lost_what_lies_before_it_is_read()
    {
        var (read, unread) = (0, 0);
        for (var pages = (_sound.Length / PageSize) - 1; pages > 0; pages--)
        {
            // Whole pages, and all but the end of the last one, in whose place SQLite reads zeros.
            var length = (pages * PageSize) - (pages % 2 * 1000);
            await PutAsync(_sound[..length]);
            try
            {
                await using var salvaged = await SalvageAsync();
                var count = salvaged!.Maildrop.Entries.Count;
                read += count - await CountDamagedAsync(salvaged.Maildrop);
            }
            catch (StoreFault fault)
            {
                Assert.EndsWith("of bob can be found; restore a backup", fault.Message, StringComparison.Ordinal);
                unread++;
            }

            Assert.Equal(length, new FileInfo(_directory.MailDb).Length);
        }

        // Without the page of the accounts nothing can be found. The list lies near the end here.
        Assert.InRange(unread, 1, 8);
        Assert.True(read > Many / 2, string.Create(CultureInfo.InvariantCulture, $"only {read} could be read"));
    }

    private static async Task<int> CountDamagedAsync(IMaildrop maildrop)
    {
        var damaged = 0;
        for (var index = 0; index < maildrop.Entries.Count; index++)
        {
            try
            {
                await maildrop.ReceivedAtAsync(index, CancellationToken.None);
                await maildrop.OctetsAsync(index);
            }
            catch (StoreFault fault)
            {
                Assert.Equal(StoreFaultKind.Damaged, fault.Kind);
                Assert.Contains("bob", fault.Message, StringComparison.Ordinal);
                Assert.Contains(maildrop.UniqueId(index), fault.Message, StringComparison.Ordinal);
                damaged++;
            }
        }

        return damaged;
    }

    private SqliteStorage? TryOpen()
    {
        try
        {
            return SqliteStorage.Open(_directory.Path);
        }
        catch (StoreFault)
        {
            return null;
        }
    }

    private ValueTask<SalvagedMaildrop?> SalvageAsync() =>
        new SqliteMaintenance(_directory.Path).SalvageAsync(_bob.Name, _ => { }, CancellationToken.None);

    // What a session sees; null where no server starts.
    private async Task<bool?> IsListedAsync()
    {
        await using var store = TryOpen();
        if (store is null)
            return null;
        try
        {
            await using var maildrop = await store.Mail.OpenAsync(_bob);
            return true;
        }
        catch (StoreFault)
        {
            return false;
        }
    }

    private async Task DamageAsync(int page)
    {
        var octets = _sound.ToArray();
        Encoding.ASCII.GetBytes(new string('x', PageSize)).CopyTo(octets, (page - 1) * PageSize);
        await PutAsync(octets);
    }

    private async Task PutAsync(byte[] octets)
    {
        foreach (var file in Directory.GetFiles(_directory.Path).Where(file => file != _directory.MailDb))
            File.Delete(file);
        await File.WriteAllBytesAsync(_directory.MailDb, octets);
    }
}
