using System.Globalization;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

namespace MailServer.Host.Tests;

/// <summary>Mail in files, taken in and written out by the program.</summary>
public sealed class MoveCommandTests : IDisposable
{
    private const string From = "From alice@example.org Sat Nov 21 04:37:23 2026\n";

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-move-");

    private string Data => At("data");

    public void Dispose() => _parent.Delete(recursive: true);

    [Theory]
    [InlineData("mbox")]
    [InlineData("maildir")]
    [InlineData("eml")]
    public async Task A_mailbox_written_out_and_taken_in_is_the_same(string format)
    {
        await MakeAsync("bob", "carol");
        await ImportAsync("bob", 1, "5 messages found, 4 messages taken, 0 known from before, 1 skipped, 0 files failed", SampleTree());

        await RunAsync(0, "4 messages written", "export", "--user", "bob", "--format", format, At("out"));
        await ImportAsync("carol", 0, "4 messages taken", At("out"));

        var mailbox = await ListAsync("bob");
        Assert.Equal(4, mailbox.Count);
        Assert.Equal(mailbox, await ListAsync("carol"));
        Assert.Contains(mailbox, message => message.Contains("|mbox-1|True|2026-11-21T04:37:23", StringComparison.Ordinal));
        Assert.Contains(mailbox, message => message.Contains("|1763699843.M1P2.box|True|", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(At("out")) & (UnixFileMode.OtherRead | UnixFileMode.GroupRead));
    }

    [Fact]
    public async Task An_import_run_again_takes_nothing_twice_unless_told_to()
    {
        await MakeAsync("bob");
        var tree = SampleTree();
        await ImportAsync("bob", 1, "4 messages taken", tree);
        await ImportAsync("bob", 1, "0 messages taken, 4 known from before", tree);
        await RunAsync(0, "1 messages taken", "import", "--again", "--user", "bob", Path.Combine(tree, "c.eml"));
    }

    [Fact]
    public async Task What_is_no_mail_is_named_and_the_rest_is_taken()
    {
        await MakeAsync("bob");
        var tree = SampleTree();
        await File.WriteAllTextAsync(Path.Combine(tree, "notes.txt"), "buy milk\n");
        var errors = await ImportAsync("bob", 1, "5 messages found, 4 messages taken, 0 known from before, 1 skipped, 1 files failed", tree);
        Assert.Equal(2, Lines(errors).Length);
        Assert.Contains("a, the message at octet 95, is skipped: it is marked as deleted", errors, StringComparison.Ordinal);
        Assert.Contains("notes.txt is skipped: it is neither an mbox nor a message", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_is_moved_while_the_server_runs()
    {
        using var server = MailServerProcess.Start("--data", Data, "--smtp", "0", "--pop3", "0");
        var smtp = await server.WaitUntilListeningAsync("SMTP");
        var pop3 = await server.WaitUntilListeningAsync("POP3");
        await MakeAsync("bob");

        using var sender = await MailTestClient.ConnectAsync(smtp);
        await sender.SendAsync("HELO client.test\r\n" + string.Concat(Enumerable.Repeat(
            "MAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: new\r\n\r\ntext\r\n.\r\n", 200)) + "QUIT\r\n");
        await ImportAsync("bob", 1, "4 messages taken", SampleTree());
        var answers = await sender.ReadToEndAsync();
        Assert.Equal(200, answers.Split("\r\n250 2.0.0 ").Length - 1);

        using var client = await MailTestClient.ConnectAsync(pop3);
        await client.SendAsync("USER bob\r\nUIDL\r\nQUIT\r\n");
        var list = await client.ReadToEndAsync();
        Assert.Contains("204 messages", list, StringComparison.Ordinal);
        Assert.Contains(" mbox-1\r\n", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_message_is_left_out_with_a_line_and_exit_code_1()
    {
        await MakeAsync("bob");
        await ImportAsync("bob", 1, "4 messages taken", SampleTree());
        BreakFirstMessage();

        foreach (var format in new[] { "mbox", "maildir", "eml" })
        {
            var errors = await RunAsync(1, "3 messages written", "export", "--user", "bob", "--format", format, At(format));
            CommandLineTests.AssertOneLine(errors);
            Assert.Contains("message 1 is skipped", errors, StringComparison.Ordinal);
        }

        Assert.Equal(3, (await File.ReadAllTextAsync(At("mbox"))).Split("X-Mailserver-Received: ").Length - 1);
        Assert.Equal(3, Directory.GetFiles(At("eml")).Length);
    }

    [Theory]
    [InlineData(1, "there is no", "import --user bob no-such-file")]
    [InlineData(1, "there is no account", "import --user dan {mbox}")]
    [InlineData(2, "no account's name", "import --user .dan {mbox}")]
    [InlineData(2, "--user", "import {mbox}")]
    [InlineData(2, "Required argument missing", "import --user bob")]
    [InlineData(1, "there is no account", "export --user dan --format mbox {out}")]
    [InlineData(2, "pst", "export --user bob --format pst {out}")]
    [InlineData(2, "--format", "export --user bob {out}")]
    [InlineData(1, "it exists already", "export --user bob --format mbox {mbox}")]
    [InlineData(1, "cannot write to", "export --user bob --format mbox {mbox}/out")]
    [InlineData(1, "cannot write to", "export --user bob --format maildir {mbox}")]
    [InlineData(1, "not empty", "export --user bob --format eml {data}")]
    [InlineData(1, "is skipped", "import --user bob {denied}")]
    public async Task What_cannot_be_moved_is_one_line_with_the_right_exit_code(int exitCode, string reason, string command)
    {
        await MakeAsync("bob");
        await File.WriteAllTextAsync(At("mbox"), $"{From}Subject: x\n");
        await File.WriteAllTextAsync(At("denied"), command.Contains("denied", StringComparison.Ordinal) ? "\0\u0001" : "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(At("denied"), UnixFileMode.None);

        string[] arguments = [.. command.Split(' ').Select(word => word.Replace("{data}", Data, StringComparison.Ordinal).Replace("{", _parent.FullName + "/", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal))];
        var errors = await RunAsync(exitCode, "", arguments);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moving_makes_no_data_directory_by_mistake()
    {
        await File.WriteAllTextAsync(At("mbox"), From);
        await RunAsync(1, "", "import", "--user", "bob", At("mbox"));
        await RunAsync(1, "", "export", "--user", "bob", "--format", "mbox", At("out"));
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("mbox")]
    [InlineData("maildir")]
    [InlineData("eml")]
    public async Task A_folder_that_nobody_made_is_not_made_by_a_slip_of_the_pen(string format)
    {
        await MakeAsync("bob");
        await RunAsync(1, "", "export", "--user", "bob", "--format", format, At("out/there"));
        await RunAsync(1, "", "backup", At("out/there"));
        Assert.False(Directory.Exists(At("out")));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string At(string name) => Path.Combine(_parent.FullName, name);

    // An mbox, a Maildir, a message, Thunderbird's index, and a message that was deleted and not compacted.
    private string SampleTree()
    {
        var tree = At("tree");
        Directory.CreateDirectory(Path.Combine(tree, "b.maildir", "cur"));
        Directory.CreateDirectory(Path.Combine(tree, "b.maildir", "new"));
        Write("a", $"{From}X-UIDL: mbox-1\nStatus: RO\nSubject: 1\n\n>From x\n\nFrom - Sat Nov 21 04:37:23 2026\nX-Mozilla-Status: 0009\n\n{From}Subject: 2\n\nbody\n");
        Write("a.msf", "index");
        Write(Path.Combine("b.maildir", "cur", OperatingSystem.IsWindows() ? "1763699843.M1P2.box;2,S" : "1763699843.M1P2.box:2,S"), "Subject: 3\n\ncafé\n");
        Write("c.eml", "Date: Sat, 21 Nov 2026 04:37:23 +0000\r\nSubject: 4\r\n\r\nbare\nLF\r\n");
        return tree;

        void Write(string name, string text) => File.WriteAllText(Path.Combine(tree, name), text, new UTF8Encoding(false));
    }

    private async Task MakeAsync(params string[] names)
    {
        await using var store = SqliteStorage.Open(Data);
        foreach (var name in names)
            await store.Accounts.AddAsync(AccountName.TryParse(name)!, null, CancellationToken.None);
    }

    private async Task<List<string>> ListAsync(string name)
    {
        await using var store = SqliteStorage.Open(Data);
        var account = await store.Accounts.FindAsync(AccountName.TryParse(name)!, CancellationToken.None);
        await using var maildrop = await store.Mail.OpenMaildropAsync(account!, CancellationToken.None);
        var messages = new List<string>();
        for (var index = 0; index < maildrop!.Entries.Count; index++)
        {
            var octets = new byte[maildrop.Entries[index].Octets];
            await maildrop.ReadAsync(index, 0, octets, CancellationToken.None);
            var date = (await maildrop.ReceivedAtAsync(index, CancellationToken.None)).ToString("o", CultureInfo.InvariantCulture);
            messages.Add($"{Convert.ToHexString(octets)}|{UniqueId.Of(maildrop, index)}|{maildrop.Entries[index].IsRead}|{date}");
        }

        return messages;
    }

    private void BreakFirstMessage()
    {
        var path = Path.Combine(Data, "mail.db");
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM chunks WHERE id = (SELECT min(id) FROM chunks)";
        command.ExecuteNonQuery();
    }

    private async Task<string> ImportAsync(string user, int exitCode, string summary, params string[] paths) =>
        await RunAsync(exitCode, summary, ["import", "--user", user, .. paths]);

    private async Task<string> RunAsync(int exitCode, string summary, params string[] arguments)
    {
        var (code, output, errors) = await MailServerProcess.RunAsync([.. arguments, "--data", Data]);
        Assert.True(exitCode == code, $"exit code {code}: {output}{errors}");
        Assert.Contains(summary, output, StringComparison.Ordinal);
        return errors;
    }
}
