using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailServer.Host.Tests;

/// <summary>The commands for whoever runs the server: backup, check, config.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-store-");

    private string Data => At("data");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task A_backup_of_a_running_server_is_restored_elsewhere()
    {
        using (var server = Serve(Data))
        {
            using var sender = await MailTestClient.ConnectAsync(await server.WaitUntilListeningAsync("SMTP"));
            await sender.SendAsync("HELO bob\r\nMAIL FROM:<@ME>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: kept\r\n\r\n.\r\nQUIT\r\n");
            Assert.Contains("\r\n250 2.0.0 ", await sender.ReadToEndAsync(), StringComparison.Ordinal);
            await RunAsync(0, "written to", "backup", At("backup.db"), "--data", Data);
            await RunAsync(0, "nothing found", "check", "--data", Data);
        }

        await RunAsync(0, "restored into", "restore", At("backup.db"), "--data", At("restored"));
        await RunAsync(0, "2 accounts, 1 messages", "check", "--data", At("restored"));
        using var restored = Serve(At("restored"));
        using var reader = await MailTestClient.ConnectAsync(await restored.WaitUntilListeningAsync("POP3"));
        await reader.SendAsync("USER bob\r\nRETR 1\r\nQUIT\r\n");
        Assert.Contains("Subject: kept", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_replaces_nothing_and_takes_only_what_is_whole()
    {
        await RunAsync(0, "", "user", "add", "bob", "--no-password", "--data", Data);
        await RunAsync(0, "written to", "backup", At("backup.db"), "--data", Data);
        await FailsAsync(1, "mail.db is there already; restore into a data directory without a store", "restore", At("backup.db"), "--data", Data);

        var octets = await File.ReadAllBytesAsync(At("backup.db"));
        octets.AsSpan(4096, 4096).Fill((byte)'x');
        await File.WriteAllBytesAsync(At("damaged.db"), octets);
        await FailsAsync(1, "damaged", "restore", At("damaged.db"), "--data", At("empty"));
        await File.WriteAllTextAsync(At("backup.db-wal"), "a log");
        await FailsAsync(1, "beside it belongs to it too", "restore", At("backup.db"), "--data", At("empty"));
        Assert.Empty(Directory.GetFiles(At("empty"), "mail.db*"));
        File.Delete(At("backup.db-wal"));

        using var server = Serve(At("empty"));
        await server.WaitUntilListeningAsync("POP3");
        await FailsAsync(1, "in use by process", "restore", At("backup.db"), "--data", At("empty"));
    }

    [Fact]
    public async Task An_empty_store_that_a_failed_copy_left_is_refused()
    {
        Directory.CreateDirectory(Data);
        var store = Path.Combine(Data, "mail.db");
        await File.WriteAllTextAsync(store, "");

        foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["user", "list"], ["user", "add", "bob", "--no-password"], ["check"], ["backup", At("copy")] })
            await FailsAsync(1, $"{store} is empty, as a copy that failed leaves it; restore the backup again, or delete the file to begin anew", [.. command, "--data", Data]);

        Assert.Equal(0, new FileInfo(store).Length);
        Assert.False(File.Exists(At("copy")));
    }

    [Fact]
    public async Task A_store_that_is_a_folder_is_called_one()
    {
        var store = Directory.CreateDirectory(Path.Combine(Data, "mail.db")).FullName;
        foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["user", "list"], ["check"], ["backup", At("copy")] })
            await FailsAsync(1, $"{store} is no file; move it away", [.. command, "--data", Data]);
    }

    [Fact]
    public async Task A_database_of_another_program_is_left_alone()
    {
        Directory.CreateDirectory(Data);
        var store = Path.Combine(Data, "mail.db");
        foreach (var version in new[] { 0, 3 })
        {
            File.Delete(store);
            using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={store};Pooling=False"))
            {
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = $"CREATE TABLE accounts (owner TEXT); PRAGMA user_version = {version}";
                command.ExecuteNonQuery();
            }

            var before = await File.ReadAllBytesAsync(store);
            foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["user", "list"], ["user", "add", "bob", "--no-password"], ["check"], ["backup", At("copy")] })
                await FailsAsync(1, $"{store} is a database of another program; move it away, or choose another data directory with --data", [.. command, "--data", Data]);

            Assert.Equal(before, await File.ReadAllBytesAsync(store));
        }
    }

    [Fact]
    public async Task A_store_on_a_disk_that_is_not_mounted_is_not_made_anew()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Data);
        var store = Path.Combine(Data, "mail.db");
        Directory.CreateDirectory(At("volume"));
        File.CreateSymbolicLink(store, At("volume/mail.db"));
        File.CreateSymbolicLink(At("data-link"), At("volume/data"));

        foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["user", "list"], ["user", "add", "bob", "--no-password"], ["check"], ["backup", At("copy")] })
            await FailsAsync(1, $"{store} is a link to {At("volume/mail.db")}, which is not there; mount what it lies on", [.. command, "--data", Data]);
        foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["user", "list"], ["check"], ["backup", At("copy")] })
            await FailsAsync(1, $"{At("data-link")} is a link to {At("volume/data")}, which is not there; mount what it lies on", [.. command, "--data", At("data-link")]);

        Assert.Empty(Directory.GetFileSystemEntries(At("volume")));
    }

    [Fact]
    public async Task A_misspelt_variable_is_named()
    {
        await RunAsync(0, "", "user", "add", "bob", "--no-password", "--data", Data);
        var (exitCode, output, errors) = await MailServerProcess.RunBehindAsync(["env", "MAILSERVER_HOSTNMAE=a.test"], "config", "--data", Data);
        Assert.Equal(0, exitCode);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains("there is no setting for MAILSERVER_HOSTNMAE; correct the name in the environment", errors, StringComparison.Ordinal);
        (exitCode, output, _) = await MailServerProcess.RunBehindAsync(["env", "MAILSERVER_HOSTNMAE=a.test"], "check", "--data", Data);
        Assert.Equal(1, exitCode);
        Assert.Contains("found: there is no setting for MAILSERVER_HOSTNMAE: correct the name", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_says_what_it_finds_and_what_to_do()
    {
        await RunAsync(0, "", "user", "add", "bob", "--no-password", "--data", Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "mailserver.json"), """{ "catchAll": "nobody" }""");
        WriteCertificate(TimeSpan.FromDays(5));
        var output = await RunAsync(1, "found: catch-all names nobody", "check", "--data", Data, "--tls-cert", At("cert.pem"), "--tls-key", At("key.pem"));
        Assert.Contains("expires on", output, StringComparison.Ordinal);

        WriteCertificate(TimeSpan.FromDays(-5));
        await RunAsync(1, "has expired on", "check", "--data", Data, "--tls-cert", At("cert.pem"), "--tls-key", At("key.pem"));
        output = await RunAsync(1, "found: cannot use the certificate", "check", "--data", Data, "--tls-cert", At("cert.pem"));
        Assert.Contains(": give PEM files that belong together" + Environment.NewLine, output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(Data, "mailserver.json"), "{ nonsense");
        await RunAsync(1, "line 1 is no JSON", "check", "--data", Data);
    }

    [Fact]
    public async Task Without_a_store_there_is_nothing_to_check()
    {
        await FailsAsync(1, "no data directory", "check", "--data", Data);
        Directory.CreateDirectory(Data);
        await FailsAsync(1, "no mail store", "check", "--data", Data);
        await FailsAsync(1, "no mail store", "backup", At("x"), "--data", Data);
        Assert.Empty(Directory.GetFileSystemEntries(Data));
    }

    [Fact]
    public async Task The_settings_in_force_are_shown_with_their_source()
    {
        Directory.CreateDirectory(Data);
        var file = Path.Combine(Data, "mailserver.json");
        await File.WriteAllTextAsync(file, """{ "recipients": 3, "domain": ["a.test", "b.test"] }""");

        var output = await RunAsync(0, "", "config", "--data", Data, "--hostname", "mail.a.test");

        var rows = output.Split(Environment.NewLine).ToDictionary(line => line.Split(' ')[0], line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)));
        Assert.Equal($"{Data} (command line)", rows["data"]);
        Assert.Equal("mail.a.test (command line)", rows["hostname"]);
        Assert.Equal($"a.test, b.test ({file})", rows["domain"]);
        Assert.Equal($"3 ({file})", rows["recipients"]);
        Assert.Equal("4 (environment)", rows["bcrypt-cost"]);
        Assert.Equal("local (default)", rows["registration"]);
        await FailsAsync(2, "--hops", "config", "--data", Data, "--hops", "0");
    }

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("backup")]
    [InlineData("check")]
    [InlineData("config")]
    [InlineData("user")]
    [InlineData("user add")]
    [InlineData("user list")]
    [InlineData("user password")]
    [InlineData("user remove")]
    [InlineData("user import")]
    public async Task The_help_of_every_command_ends_with_an_example(string command)
    {
        var output = await RunAsync(0, "Example", [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Contains("mailserver " + command, output[output.IndexOf("Example", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static MailServerProcess Serve(string data) => MailServerProcess.Start("--data", data, "--smtp", "0", "--pop3", "0");

    private string At(string name) => Path.Combine(_parent.FullName, name);

    private void WriteCertificate(TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-30), now + life);
        File.WriteAllText(At("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(At("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<string> RunAsync(int exitCode, string words, params string[] arguments)
    {
        var (code, output, errors) = await MailServerProcess.RunAsync(arguments);
        Assert.True(exitCode == code, $"exit code {code}: {output}{errors}");
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.Equal("", errors);
        return output;
    }

    private static async Task FailsAsync(int exitCode, string reason, params string[] arguments)
    {
        var (code, _, errors) = await MailServerProcess.RunAsync(arguments);
        Assert.Equal(exitCode, code);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }
}
