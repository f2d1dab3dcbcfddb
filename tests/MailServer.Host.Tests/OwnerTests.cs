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

        using var client = await TestClient.ConnectAsync(await server.WaitUntilListeningAsync("POP3"));
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
    public async Task A_lock_of_another_owner_is_named_too()
    {
        var file = Path.Combine(Data, "mailserver.lock");
        await File.WriteAllTextAsync(file, "");
        OtherUser.TryRun(["chmod", "600", file]);

        var (exitCode, _, errors) = await MailServerProcess.RunBehindAsync(OtherUser.As, "--data", Data, "--smtp", "0", "--pop3", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains($"{file} belongs to root", errors, StringComparison.Ordinal);
    }

    private void AssertAllBelongToTheOther(params string[] expected)
    {
        var listing = OtherUser.TryRun(["find", Data, "-printf", "%f %U %G\n"])!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(listing, line => Assert.EndsWith($" {OtherUser.Id} {OtherUser.Id}", line, StringComparison.Ordinal));
        Assert.Empty(expected.Except(listing.Select(line => line.Split(' ')[0])));
    }
}
