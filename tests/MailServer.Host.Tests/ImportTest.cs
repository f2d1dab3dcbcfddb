using System.Globalization;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Storage.Sqlite;

namespace MailServer.Host.Tests;

/// <summary>Files in a folder of the test's own, and a mailbox of bob that they are taken into.</summary>
public abstract class ImportTest : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-import-");

    private string Data => At("data");

    public void Dispose()
    {
        _parent.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    protected async Task AssertOneIsLeftOutAsync(string reason)
    {
        var (exitCode, output, errors) = await ImportAsync("tree");
        Assert.Equal(1, exitCode);
        Assert.Contains("1 messages taken, 0 known from before", output, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    protected string At(string name) => Path.Combine(_parent.FullName, name);

    protected void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), Encoding.Latin1.GetBytes(text));
    }

    protected Task<(int ExitCode, string Output, string Errors)> ImportAsync(params string[] paths) =>
        MailServerProcess.RunAsync(["import", "--user", "bob", .. paths.Select(At), "--data", Data]);

    protected async Task MakeAsync()
    {
        await using var store = SqliteStorage.Open(Data);
        await store.Accounts.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None);
    }

    protected async Task<List<string>> ListAsync(bool withDates = true)
    {
        await using var store = SqliteStorage.Open(Data);
        var account = await store.Accounts.FindAsync(AccountName.TryParse("bob")!, CancellationToken.None);
        await using var maildrop = await store.Mail.OpenMaildropAsync(account!, CancellationToken.None);
        var messages = new List<string>();
        for (var index = 0; index < maildrop!.Entries.Count; index++)
        {
            var octets = new byte[maildrop.Entries[index].Octets];
            await maildrop.ReadAsync(index, 0, octets, CancellationToken.None);
            var date = (await maildrop.ReceivedAtAsync(index, CancellationToken.None)).ToString("o", CultureInfo.InvariantCulture);
            messages.Add($"{Encoding.Latin1.GetString(octets)}|{maildrop.Entries[index].IsRead}{(withDates ? "|" + date : "")}");
        }

        return messages;
    }
}
