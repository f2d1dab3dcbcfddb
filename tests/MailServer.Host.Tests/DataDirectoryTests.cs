using System.Globalization;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Settings;

namespace MailServer.Host.Tests;

/// <summary>Who may use the data directory.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mailserver-data-");

    private DataDirectory Data => new(_root.FullName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_directory_in_use_names_its_holder()
    {
        using var held = DataDirectoryLock.Acquire(Data);

        var fault = Assert.Throws<StoreFault>(() => DataDirectoryLock.Acquire(Data));

        Assert.Equal(
            $"The data directory {_root.FullName} is in use by process {Environment.ProcessId}; stop it or choose another with --data",
            fault.Message);
    }

    [Fact]
    public void A_directory_is_free_after_its_holder()
    {
        DataDirectoryLock.Acquire(Data).Dispose();
        DataDirectoryLock.Acquire(Data).Dispose();
    }

    [Fact]
    public void The_holder_tells_its_process_and_the_time()
    {
        using var held = DataDirectoryLock.Acquire(Data);

        var words = File.ReadAllText(Data.HolderFile).TrimEnd().Split(' ', 2);

        Assert.Equal(Environment.ProcessId, int.Parse(words[0], CultureInfo.InvariantCulture));
        Assert.True(DateTimeOffset.TryParseExact(words[1], "u", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
    }

    [Fact]
    public void A_directory_that_cannot_be_made_says_what_to_do()
    {
        var file = Path.Combine(_root.FullName, "file");
        File.WriteAllText(file, "");

        var settings = new ServerSettings { DataDirectory = Path.Combine(file, "data") };
        foreach (var action in new Action[]
        {
            () => DataDirectoryLock.Acquire(StorageFactory.DirectoryOf(settings)),
            () => StorageFactory.OpenForCommand(settings, _ => { }),
        })
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
        var settings = new ServerSettings { DataDirectory = Path.Combine(_root.FullName, "deep", "data") };
        var data = StorageFactory.DirectoryOf(settings);
        using var held = DataDirectoryLock.Acquire(data);
        await using var store = StorageFactory.OpenForServer(settings, _ => { });
        await store.Accounts.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None);

        Assert.Equal(OwnerReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Path));
        var files = Directory.GetFiles(data.Path);
        Assert.Equal(["mail.db", "mail.db-shm", "mail.db-wal", "mailserver.lock", "mailserver.pid"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in files)
            Assert.Equal(OwnerReadWrite, File.GetUnixFileMode(file));
    }
}
