namespace MailServer.Host.Tests;

/// <summary>Whoever administers the server is root, and whoever runs it is not.</summary>
public sealed class OwnerTests : IDisposable
{
    private readonly DirectoryInfo? _data = OtherUser.ReasonToSkip is null ? OtherUser.CreateFolder() : null;

    private string Data => _data!.FullName;

    public void Dispose() => _data?.Delete(recursive: true);

    [OtherUserFact]
    public async Task What_root_makes_belongs_to_the_owner_of_the_data_directory()
    {
        Assert.Equal((0, "", ""), await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]));
        AssertAllBelongToTheOther();

        using (var server = MailServerProcess.Start("--data", Data, "--smtp", "0", "--pop3", "0"))
        {
            await server.WaitUntilListeningAsync("POP3");
            AssertAllBelongToTheOther("mail.db", "mail.db-wal", "mail.db-shm", "mailserver.lock", "mailserver.pid", "logs", "tls", "cert.pem", "key.pem");
            await server.SignalAsync("TERM");
            await server.EndAsync();
        }

        Assert.Equal(0, (await MailServerProcess.RunAsync(["backup", "--data", Data, Path.Combine(Data, "backup.db")])).ExitCode);
        AssertAllBelongToTheOther("backup.db");
    }

    [OtherUserFact]
    public async Task A_service_without_rights_starts_after_root_has_prepared_it()
    {
        await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]);

        using var server = MailServerProcess.StartBehind(OtherUser.As, "--data", Data, "--smtp", "0", "--pop3", "0");

        using var client = await MailTestClient.ConnectAsync(await server.WaitUntilListeningAsync("POP3"));
        await client.SendAsync("USER bob\r\n");
        Assert.StartsWith("+OK", await client.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("+OK Logged in", await client.ReadLineAsync(), StringComparison.Ordinal);
    }

    [OtherUserFact]
    public async Task A_file_that_cannot_be_opened_is_named_with_its_owner_and_the_remedy()
    {
        await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]);
        OtherUser.TryRun(["chown", "0:0", Path.Combine(Data, "mail.db")]);

        foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["user", "list"], ["check"], ["backup", Path.Combine(Data, "copy")] })
        {
            var (exitCode, output, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, [.. command, "--data", Data]);
            Assert.Equal(1, exitCode);
            var told = output + errors;
            Assert.Contains($"{Path.Combine(Data, "mail.db")} belongs to root", told, StringComparison.Ordinal);
            Assert.Contains($"chown -R {OtherUser.Id} {Data}", told, StringComparison.Ordinal);
        }
    }

    [OtherUserFact]
    public async Task A_directory_that_may_not_be_entered_is_not_called_empty()
    {
        await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]);
        OtherUser.TryRun(["chown", "0:0", Data]);
        OtherUser.TryRun(["chmod", "700", Data]);

        foreach (var command in new string[][] { ["user", "list"], ["check"], ["backup", "/tmp/never-written"], ["export", "--user", "bob", "--format", "mbox", "/tmp/never-written"] })
        {
            var (exitCode, output, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, [.. command, "--data", Data]);
            Assert.Equal((1, ""), (exitCode, output));
            CommandLineTests.AssertOneLine(errors);
            Assert.Contains($"{Data} belongs to root and cannot be used by {OtherUser.Id}; run this as root", errors, StringComparison.Ordinal);

            (exitCode, _, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, [.. command, "--data", Path.Combine(Data, "below")]);
            Assert.Equal(1, exitCode);
            Assert.Contains("denied", errors, StringComparison.Ordinal);
        }
    }

    [OtherUserFact]
    public async Task A_lock_of_another_owner_is_named_too()
    {
        var file = Path.Combine(Data, "mailserver.lock");
        await File.WriteAllTextAsync(file, "");
        OtherUser.TryRun(["chmod", "600", file]);

        var (exitCode, _, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, "--data", Data, "--smtp", "0", "--pop3", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains($"{file} belongs to root", errors, StringComparison.Ordinal);
    }

    [OtherUserFact]
    public async Task A_check_by_the_user_of_the_service_finds_all_that_keeps_it_from_starting()
    {
        await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]);
        var (store, logs) = (Path.Combine(Data, "mail.db"), Directory.CreateDirectory(Path.Combine(Data, "logs")).FullName);
        OtherUser.TryRun(["chmod", "755", logs]);
        OtherUser.TryRun(["chmod", "400", store]);
        OtherUser.TryRun(["chmod", "500", Data]);

        var (exitCode, output, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, "check", "--data", Data);

        Assert.Equal(1, exitCode);
        foreach (var told in new[] { $"{Data} may not be", $"say chmod u+rwx {Data}", $"{store} may not be read and written by its own owner", $"say chmod u+rw {store}", $"{logs} belongs to root" })
            Assert.Contains(told, output + errors, StringComparison.Ordinal);
    }

    [OtherUserFact]
    public async Task Own_files_without_rights_are_not_to_be_given_away()
    {
        await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]);
        var store = Path.Combine(Data, "mail.db");
        OtherUser.TryRun(["chmod", "400", store]);

        var (exitCode, _, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, "--data", Data, "--smtp", "0", "--pop3", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains($"say chmod u+rw {store}", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("chown", errors, StringComparison.Ordinal);
    }

    [OtherUserFact]
    public async Task A_store_that_may_not_be_written_is_told_of_by_every_command_and_left_as_it_is()
    {
        await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]);
        var store = Path.Combine(Data, "mail.db");
        OtherUser.TryRun(["chmod", "400", store]);

        foreach (var command in new string[][]
        {
            ["user", "add", "carol", "--no-password"], ["user", "list"], ["user", "remove", "bob"], ["user", "password", "bob", "--password-stdin"],
            ["check"], ["backup", Path.Combine(Data, "copy")], ["export", "--user", "bob", "--format", "mbox", Path.Combine(Data, "out")],
        })
        {
            var (exitCode, output, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, [.. command, "--data", Data]);
            Assert.Equal(1, exitCode);
            Assert.Contains($"{store} may not be read and written by its own owner", output + errors, StringComparison.Ordinal);
            Assert.Contains($"say chmod u+rw {store}", output + errors, StringComparison.Ordinal);
            Assert.Equal([store], Directory.GetFiles(Data));
        }
    }

    [OtherUserFact]
    public async Task A_folder_of_root_asks_for_root_once()
    {
        OtherUser.TryRun(["chown", "0:0", Data]);
        OtherUser.TryRun(["chmod", "755", Data]);

        var (exitCode, _, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, "--data", Data, "--smtp", "0", "--pop3", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains("; run this as root", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("or as root", errors, StringComparison.Ordinal);
    }

    [OtherUserFact]
    public async Task A_key_of_root_is_to_be_given_away_not_deleted()
    {
        await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data]);
        var tls = Directory.CreateDirectory(Path.Combine(Data, "tls")).FullName;
        foreach (var name in new[] { "cert.pem", "key.pem" })
            await File.WriteAllTextAsync(Path.Combine(tls, name), "");
        OtherUser.TryRun(["chmod", "600", Path.Combine(tls, "key.pem")]);

        var (exitCode, output, _) = await MailServerProcess.RunBehindAsync(OtherUser.As, "check", "--data", Data);

        Assert.Equal(1, exitCode);
        Assert.Contains("chown", output, StringComparison.Ordinal);
        Assert.DoesNotContain("delete", output, StringComparison.Ordinal);
    }

    private void AssertAllBelongToTheOther(params string[] expected)
    {
        var listing = OtherUser.TryRun(["find", Data, "-printf", "%f %U %G\n"])!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(listing, line => Assert.EndsWith($" {OtherUser.Id} {OtherUser.Id}", line, StringComparison.Ordinal));
        Assert.Empty(expected.Except(listing.Select(line => line.Split(' ')[0])));
    }
}
