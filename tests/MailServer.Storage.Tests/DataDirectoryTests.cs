using System.Globalization;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Storage.Tests;

/// <summary>Who may use the data directory.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_directory_in_use_names_its_holder()
    {
        using var held = DataDirectoryLock.Acquire(_directory.Path);

        var fault = Assert.Throws<StoreFault>(() => DataDirectoryLock.Acquire(_directory.Path));

        Assert.Equal(
            $"The data directory {_directory.Path} is in use by process {Environment.ProcessId}; stop it or choose another with --data",
            fault.Message);
    }

    [Fact]
    public void A_directory_is_free_after_its_holder()
    {
        DataDirectoryLock.Acquire(_directory.Path).Dispose();
        DataDirectoryLock.Acquire(_directory.Path).Dispose();
    }

    [Fact]
    public void The_holder_tells_its_process_and_the_time()
    {
        using var held = DataDirectoryLock.Acquire(_directory.Path);

        var words = File.ReadAllText(Path.Combine(_directory.Path, "mailserver.pid")).TrimEnd().Split(' ', 2);

        Assert.Equal(Environment.ProcessId, int.Parse(words[0], CultureInfo.InvariantCulture));
        Assert.True(DateTimeOffset.TryParseExact(words[1], "u", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
    }

    [Fact]
    public void A_directory_that_cannot_be_made_says_what_to_do()
    {
        var file = Path.Combine(_directory.Path, "file");
        File.WriteAllText(file, "");

        foreach (var action in new Action[] { () => DataDirectoryLock.Acquire(Path.Combine(file, "data")), () => SqliteStore.Open(Path.Combine(file, "data")) })
        {
            var fault = Assert.Throws<StoreFault>(action);
            Assert.Contains("choose another with --data", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
        }
    }

    [Fact]
    public async Task Everything_made_is_for_the_owner_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var data = Path.Combine(_directory.Path, "deep", "data");
        using var held = DataDirectoryLock.Acquire(data);
        await using var store = SqliteStore.Open(data);
        await store.Accounts.AddAsync("bob");

        Assert.Equal(OwnerReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        foreach (var name in new[] { "mail.db", "mail.db-shm", "mail.db-wal", "mailserver.lock", "mailserver.pid" })
            Assert.Equal(OwnerReadWrite, File.GetUnixFileMode(Path.Combine(data, name)));
    }
}
