using System.Buffers;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Host.Tests;

/// <summary>What the program does with a store of which a disk has lost a page: nothing is lost besides, and nobody is told that all is well.</summary>
public sealed class DamagedStoreTests : IAsyncLifetime, IDisposable
{
    private const int PageSize = 4096;
    private const int Messages = 4;

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-damage-");

    private string Data => At("data");

    private string Store => Path.Combine(Data, "mail.db");

    public async Task InitializeAsync()
    {
        await using var store = SqliteStorage.Open(Data);
        var bob = await store.Accounts.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None);
        for (var number = 1; number <= Messages; number++)
        {
            await using var writer = store.Mail.Begin(new Envelope(null, [bob!], DateTimeOffset.UnixEpoch));
            writer.Write(Encoding.ASCII.GetBytes($"Subject: {number}\r\n\r\n" + new string((char)('P' + number), 20_000) + "\r\n"));
            await writer.CommitAsync(CancellationToken.None);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task A_backup_of_a_damaged_store_keeps_the_older_one()
    {
        Assert.Equal(0, (await RunAsync("backup", At("backup.db"))).ExitCode);
        var older = await File.ReadAllBytesAsync(At("backup.db"));
        DamageText(message: 2, isLastPage: true);

        var (exitCode, _, errors) = await RunAsync("backup", "--force", At("backup.db"));

        Assert.Equal(1, exitCode);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains("is damaged, and nothing was written", errors, StringComparison.Ordinal);
        Assert.Contains("restore a backup; mailserver export saves what can still be read", errors, StringComparison.Ordinal);
        Assert.Equal(older, await File.ReadAllBytesAsync(At("backup.db")));
        Assert.Equal(["backup.db", "data"], _parent.EnumerateFileSystemInfos().Select(entry => entry.Name).Order());
    }

    [Theory]
    [InlineData("mbox")]
    [InlineData("maildir")]
    [InlineData("eml")]
    public async Task An_export_goes_on_behind_a_message_that_cannot_be_read(string format)
    {
        DamageText(message: 2, isLastPage: false);

        var (exitCode, output, errors) = await ExportAsync(format);

        Assert.Equal(1, exitCode);
        Assert.Equal(2, errors.Length);
        Assert.Contains("is damaged", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("mailserver: message 2 is skipped: The message of bob with the unique-id ", errors[1], StringComparison.Ordinal);
        Assert.Contains("3 messages written to ", output, StringComparison.Ordinal);
        Assert.Contains(", 1 skipped; a backup may still hold ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_says_that_texts_may_be_wrong_where_the_file_is_damaged()
    {
        DamageText(message: 2, isLastPage: true);

        var (exitCode, output, errors) = await ExportAsync("mbox");

        Assert.Equal(1, exitCode);
        Assert.Contains("is damaged, so that what is written may be wrong", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("4 messages written to ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messages", Messages, "4 skipped")]
    [InlineData("maildrop", 0, "0 skipped")]
    public async Task An_export_takes_what_it_can_where_a_list_is_damaged(string table, int skipped, string summary)
    {
        DamageRoot(table);

        var (exitCode, output, errors) = await ExportAsync("mbox");

        Assert.Equal(1, exitCode);
        Assert.Contains("is damaged", errors[0], StringComparison.Ordinal);
        Assert.Equal(skipped, errors.Count(line => line.Contains(" is skipped: ", StringComparison.Ordinal)));
        Assert.Equal(table == "maildrop", errors.Any(line => line.Contains("part of the mailbox's list cannot be read", StringComparison.Ordinal)));
        Assert.Contains("0 messages written to ", output, StringComparison.Ordinal);
        Assert.Contains(summary, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3000, 3)]
    [InlineData(PageSize, 3)]
    [InlineData(7 * PageSize, 2)]
    public async Task An_export_takes_what_it_can_of_a_file_whose_end_is_lost(int cut, int written)
    {
        Cut(cut);
        var left = await File.ReadAllBytesAsync(Store);

        var (exitCode, output, errors) = await ExportAsync("mbox");

        Assert.Equal(1, exitCode);
        Assert.Contains($"is damaged, so that what is written may be wrong: the file ends after {left.Length} octets, ", errors[0], StringComparison.Ordinal);
        Assert.Contains($"{written} messages written to {At("out")}, {Messages - written} skipped; a backup may still hold ", output, StringComparison.Ordinal);
        Assert.Equal(Messages - written, errors.Count(line => line.Contains(" is skipped: The message of bob with the unique-id ", StringComparison.Ordinal)));
        Assert.Equal(left, await File.ReadAllBytesAsync(Store));
    }

    [Fact]
    public async Task A_store_whose_end_is_lost_is_not_served_and_no_command_leads_to_itself()
    {
        Cut(3000);
        var left = await File.ReadAllBytesAsync(Store);
        foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["user", "list"], ["user", "add", "carol", "--no-password"], ["check"], ["backup", At("copy")] })
        {
            var (exitCode, output, errors) = await RunAsync(command);
            Assert.Equal(1, exitCode);
            Assert.Contains($"the file ends after {left.Length} octets, in the middle of a page", output + errors, StringComparison.Ordinal);
            Assert.Contains("restore a backup; mailserver export saves what can still be read", output + errors, StringComparison.Ordinal);
        }

        Assert.Equal(left, await File.ReadAllBytesAsync(Store));
    }

    [Theory]
    [InlineData("accounts", 4)]
    [InlineData("store", 4)]
    [InlineData("sqlite_autoindex_accounts_1", 4)]
    [InlineData("sqlite_schema", 0)]
    public async Task Where_an_export_cannot_read_the_rest_it_says_restore_a_backup(string table, int written)
    {
        if (table == "sqlite_schema")
            Overwrite(100, PageSize - 100);
        else
            DamageRoot(table);

        var (exitCode, output, errors) = await ExportAsync("mbox");

        Assert.Equal(1, exitCode);
        if (written == 0)
        {
            Assert.EndsWith("of bob can be found; restore a backup", Assert.Single(errors), StringComparison.Ordinal);
            Assert.False(Path.Exists(At("out")));
        }
        else
        {
            Assert.Contains($"{written} messages written to ", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("detailed")]
    public async Task A_message_on_a_damaged_page_is_refused_for_good_and_the_others_are_sent(string listing)
    {
        DamageText(message: 2, isLastPage: false);
        using var server = MailServerProcess.Start("--data", Data, "--smtp", "0", "--pop3", "0", "--pop3-listing", listing);
        using var client = await MailTestClient.ConnectAsync(await server.WaitUntilListeningAsync("POP3"));

        await client.SendAsync("USER bob\r\nRETR 1\r\nRETR 2\r\nRETR 3\r\nUIDL 2\r\nQUIT\r\n");
        var answers = await client.ReadToEndAsync();

        Assert.Contains("-ERR [SYS/PERM] This message cannot be read", answers, StringComparison.Ordinal);
        Assert.DoesNotContain("[SYS/TEMP]", answers, StringComparison.Ordinal);
        Assert.Contains("QQQQ", answers, StringComparison.Ordinal);
        Assert.Contains("SSSS", answers, StringComparison.Ordinal);
        await server.SignalAsync("TERM");
        var log = (await server.EndAsync()).Output;
        var uniqueId = answers.Split("\r\n").Single(line => line.StartsWith("+OK 2 ", StringComparison.Ordinal)).Split(' ')[2];
        Assert.Contains($"The message of bob with the unique-id {uniqueId} is damaged", log, StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_parent.FullName, name);

    // A page of which the text alone is: the chain of a text's pages begins each with the number of the next.
    private void DamageText(int message, bool isLastPage)
    {
        var octets = File.ReadAllBytes(Store);
        var sign = (byte)('P' + message);
        var page = Enumerable.Range(0, octets.Length / PageSize).Select(number => number * PageSize).First(start =>
            octets.AsSpan(start + sizeof(int), 100).IndexOfAnyExcept(sign) < 0 && isLastPage == octets.AsSpan(start, sizeof(int)).SequenceEqual("\0\0\0\0"u8));
        Overwrite(page);
    }

    private void Cut(int octets)
    {
        using var file = File.OpenWrite(Store);
        file.SetLength(file.Length - octets);
    }

    private void DamageRoot(string table)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'";
        Overwrite(((int)(long)command.ExecuteScalar()! - 1) * PageSize);
    }

    private void Overwrite(int start, int length = PageSize)
    {
        using var file = File.OpenWrite(Store);
        file.Position = start;
        file.Write(Encoding.ASCII.GetBytes(new string('x', length)));
    }

    private async Task<(int ExitCode, string Output, string[] Errors)> ExportAsync(string format)
    {
        var (exitCode, output, errors) = await RunAsync("export", "--user", "bob", "--format", format, At("out"));
        return (exitCode, output, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => MailServerProcess.RunAsync([.. arguments, "--data", Data]);
}
