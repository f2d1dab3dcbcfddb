using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>A file that lacks its end is damaged, though SQLite reads zeros in the place of what is missing; where a log holds pages of it, it may be short.</summary>
public sealed class FileEndTests : IAsyncLifetime, IDisposable
{
    private const int PageSize = 4096;

    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _other = new();
    private byte[] _whole = [];
    private Account _bob = null!;

    // Octets that are cut off.
    public static TheoryData<int> Cuts => [1, 3000, PageSize - 1, PageSize, PageSize + 1, 20 * PageSize, 20 * PageSize + 7];

    public async Task InitializeAsync()
    {
        await using (var store = SqliteStorage.Open(_directory.Path))
        {
            _bob = await store.Accounts.AddAsync("bob");
            foreach (var length in new[] { 20_000, 60_000, 40_000 })
                await store.Mail.DeliverAsync(StoreSteps.Octets(length), _bob);
        }

        _whole = await File.ReadAllBytesAsync(_directory.MailDb);
        Assert.True(_whole.Length > 22 * PageSize);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _directory.Dispose();
        _other.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_store_whose_end_is_cut_off_is_damaged(int cut)
    {
        await File.WriteAllBytesAsync(_directory.MailDb, _whole[..^cut]);
        await File.WriteAllTextAsync(_other.MailDb, "the last one");
        var end = $"the file ends after {_whole.Length - cut} octets, ";

        var finding = Assert.Single(StoreCheck.Run(_directory.Path).Findings);
        Assert.Contains(end, finding.Problem, StringComparison.Ordinal);
        Assert.StartsWith("restore a backup", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(end, StoreCheck.DamageOf(_directory.Path), StringComparison.Ordinal);
        var fault = Assert.Throws<StoreFault>(() => StoreBackup.Write(_directory.Path, _other.MailDb, CancellationToken.None));
        Assert.Contains(end, fault.Message, StringComparison.Ordinal);
        Assert.Equal("the last one", await File.ReadAllTextAsync(_other.MailDb));

        // Whoever opens it to write would make the zeros part of it.
        foreach (var sweep in new[] { false, true })
        {
            fault = Assert.Throws<StoreFault>(() => SqliteStorage.Open(_directory.Path, sweep));
            Assert.Contains(end, fault.Message, StringComparison.Ordinal);
            Assert.Contains("; restore a backup", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(_whole[..^cut], await File.ReadAllBytesAsync(_directory.MailDb));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_backup_whose_end_is_cut_off_is_not_restored(int cut)
    {
        var backup = Path.Combine(_directory.Path, "backup");
        StoreBackup.Write(_directory.Path, backup, CancellationToken.None);
        var octets = await File.ReadAllBytesAsync(backup);

        // A copy of a closed store is as good as a backup.
        foreach (var whole in new[] { octets, _whole })
        {
            await File.WriteAllBytesAsync(backup, whole[..^cut]);
            var result = await new SqliteMaintenance(_other.Path).RestoreAsync(backup, CancellationToken.None);

            Assert.Contains($"{backup} is damaged: the file ends after {whole.Length - cut} octets, ", result.Refusal?.Problem, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(_other.Path));
        }
    }

    [Fact]
    public async Task An_empty_log_holds_no_end()
    {
        await File.WriteAllBytesAsync(_directory.MailDb, _whole[..^3000]);
        await File.WriteAllTextAsync(_directory.MailDb + "-wal", "");

        Assert.NotEmpty(StoreCheck.Run(_directory.Path).Findings);
        Assert.Throws<StoreFault>(() => SqliteStorage.Open(_directory.Path));
    }

    [Fact]
    public async Task A_file_that_ends_within_a_page_is_whole_where_its_log_has_the_rest()
    {
        await using (var store = SqliteStorage.Open(_other.Path))
        {
            _bob = await store.Accounts.AddAsync("bob");
            await store.Mail.DeliverAsync(StoreSteps.Octets(60_000), _bob);

            // What a kill in the middle of a checkpoint leaves: all of the log, and some of its pages in the file.
            var log = await File.ReadAllBytesAsync(_other.MailDb + "-wal");
            var file = await File.ReadAllBytesAsync(_other.MailDb);
            Assert.Equal(PageSize, file.Length);
            await File.WriteAllBytesAsync(_directory.MailDb, [.. file, .. new byte[5 * PageSize + 100]]);
            await File.WriteAllBytesAsync(_directory.MailDb + "-wal", log);
        }

        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
        await using (var killed = SqliteStorage.Open(_directory.Path, sweep: true))
        {
            await using var maildrop = await killed.Mail.OpenAsync(_bob);
            Assert.Equal(StoreSteps.Octets(60_000), await maildrop.OctetsAsync(0));
        }

        Assert.Empty(StoreCheck.Run(_directory.Path).Findings);
    }

    [Fact]
    public async Task A_store_behind_a_link_is_as_long_as_what_the_link_leads_to()
    {
        if (OperatingSystem.IsWindows())
            return;
        var link = Path.Combine(_other.Path, "mail.db");
        File.CreateSymbolicLink(link, _directory.MailDb);
        Assert.Empty(StoreCheck.Run(_other.Path).Findings);
        await File.WriteAllBytesAsync(_directory.MailDb, _whole[..^1]);
        Assert.NotEmpty(StoreCheck.Run(_other.Path).Findings);
    }
}
