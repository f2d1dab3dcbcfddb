using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace MailServer.Host.Tests;

/// <summary>The whole program: how it starts, what keeps it from starting, and how it ends.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-serve-");

    private string Data => Path.Combine(_parent.FullName, "data");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task Mail_that_comes_in_can_be_taken_out_and_the_end_is_orderly()
    {
        using var server = Serve();
        var smtp = await server.WaitUntilListeningAsync("SMTP");
        var pop3 = await server.WaitUntilListeningAsync("POP3");

        using var sender = await MailTestClient.ConnectAsync(smtp);
        await sender.SendAsync("HELO alice\r\nMAIL FROM:<@ME>\r\nRCPT TO:<alice>\r\nDATA\r\nSubject: hi\r\n\r\nhello\r\n.\r\nQUIT\r\n");
        sender.EndSending();
        Assert.Contains("\r\n221 ", await sender.ReadToEndAsync(), StringComparison.Ordinal);

        using var reader = await MailTestClient.ConnectAsync(pop3);
        await reader.SendAsync("USER alice\r\nRETR 1\r\nQUIT\r\n");
        reader.EndSending();
        Assert.Contains("Subject: hi\r\n\r\nhello\r\n.\r\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);

        if (OperatingSystem.IsWindows())
            return;
        using var idle = await MailTestClient.ConnectAsync(smtp);
        Assert.StartsWith("220 ", await idle.ReadLineAsync(), StringComparison.Ordinal);
        await server.SignalAsync("TERM");
        Assert.StartsWith("421 ", await idle.ReadLineAsync(), StringComparison.Ordinal);
        var (exitCode, _, errors) = await server.EndAsync();
        Assert.Equal((0, ""), (exitCode, errors));
    }

    [Fact]
    public async Task Accounts_can_be_made_while_the_server_runs()
    {
        using var server = Serve();
        var pop3 = await server.WaitUntilListeningAsync("POP3");
        var (exitCode, _, _) = await MailServerProcess.RunAsync(["user", "add", "bob", "--password-stdin", "--data", Data], "secret\n");
        Assert.Equal(0, exitCode);

        using var client = await MailTestClient.ConnectAsync(pop3);
        await client.SendAsync("USER bob\r\nPASS secret\r\nQUIT\r\n");
        client.EndSending();
        var answers = (await client.ReadToEndAsync()).Split("\r\n");
        Assert.StartsWith("+OK", answers[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_told_who_holds_it()
    {
        using var server = Serve();
        await server.WaitUntilListeningAsync("POP3");
        var holder = (await File.ReadAllTextAsync(Path.Combine(Data, "mailserver.pid"))).Split(' ')[0];
        foreach (var store in new[] { "sqlite", "memory" })
        {
            await AssertFailsAsync(
                ["--data", Data, "--smtp", "0", "--pop3", "0", "--store", store], $"The data directory {Data} is in use by process {holder}; stop it or choose another");
        }
    }

    [Fact]
    public async Task A_server_with_its_store_in_memory_serves_mail_and_keeps_nothing()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var _ in new[] { "first", "second" })
        {
            using var server = MailServerProcess.Start("--data", Data, "--smtp", "0", "--pop3", "0", "--store", "memory");
            using var sender = await MailTestClient.ConnectAsync(await server.WaitUntilListeningAsync("SMTP"));
            await sender.SendAsync("HELO bob\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: kept\r\n\r\n.\r\nQUIT\r\n");
            sender.EndSending();
            Assert.Contains("\r\n250 2.0.0 Message stored", await sender.ReadToEndAsync(), StringComparison.Ordinal);
            using var reader = await MailTestClient.ConnectAsync(await server.WaitUntilListeningAsync("POP3"));
            await reader.SendAsync("USER bob\r\nSTAT\r\nRETR 1\r\nQUIT\r\n");
            reader.EndSending();
            var answers = await reader.ReadToEndAsync();
            Assert.Contains("\r\n+OK 1 ", answers, StringComparison.Ordinal);
            Assert.Contains("\r\nSubject: kept\r\n", answers, StringComparison.Ordinal);
            await server.SignalAsync("TERM");
            Assert.Equal(0, (await server.EndAsync()).ExitCode);
        }

        Assert.Empty(Directory.GetFiles(Data, "mail.db*"));
        var log = await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(Path.Combine(Data, "logs"))));
        Assert.Equal(2, log.Count(line => line.Contains("WRN MailServer: Accounts and mail lie in memory", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var endPoint = other.LocalEndpoint.ToString()!;
        await AssertFailsAsync(["--data", Data, "--smtp", endPoint, "--pop3", "0"], $"cannot listen on {endPoint}: the port is in use");
        await AssertFailsAsync(["--data", Data, "--smtp", "0", "--pop3", endPoint], "--pop3");
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named() =>
        await AssertFailsAsync(["--data", Data, "--smtp", "192.0.2.7:0", "--pop3", "0"], "192.0.2.7");

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(Data, "a file is in the way");
        await AssertFailsAsync(["--data", Data, "--smtp", "0", "--pop3", "0"], Data);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Logs_are_for_their_owner_only_and_complete_after_a_signal(string signal)
    {
        if (OperatingSystem.IsWindows())
            return;

        // A shell that starts a job in the background lets it ignore INT, and all that the job starts.
        using (var server = Serve())
        {
            await server.WaitUntilListeningAsync("POP3");
            await server.SignalAsync(signal == "INT" && server.IgnoresInterrupts ? "TERM" : signal);
            Assert.Equal(0, (await server.EndAsync()).ExitCode);
        }

        var log = Assert.Single(Directory.GetFiles(Path.Combine(Data, "logs")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(log));
        Assert.Contains("Stopped", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_never_shows_a_password()
    {
        using var server = MailServerProcess.Start("--data", Data, "--smtp", "0", "--pop3", "0", "--transcript");
        var pop3 = await server.WaitUntilListeningAsync("POP3");
        using var client = await MailTestClient.ConnectAsync(pop3);
        await client.SendAsync("USER bob\r\nPASS hidden\r\nQUIT\r\n");
        client.EndSending();
        await client.ReadToEndAsync();
        if (OperatingSystem.IsWindows())
            return;
        await server.SignalAsync("TERM");
        var (_, output, _) = await server.EndAsync();
        Assert.Contains("PASS ***", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_in_JSON_has_every_value_under_its_name()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var server = MailServerProcess.Start("--data", Data, "--smtp", "0", "--pop3", "0", "--log-format", "json");
        using var client = await MailTestClient.ConnectAsync(await server.WaitUntilListeningAsync("SMTP"));
        await client.SendAsync("HELO bob\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<nobody>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: s\r\n\r\n.\r\nQUIT\r\n");
        client.EndSending();
        var answers = await client.ReadToEndAsync();
        await server.WaitUntilListeningAsync("POP3");
        await server.SignalAsync("TERM");
        var (_, output, _) = await server.EndAsync();

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var stored = Assert.Single(lines, line => line.GetProperty("Properties").TryGetProperty("Recipients", out _)).GetProperty("Properties");
        Assert.Contains($"Message stored as {stored.GetProperty("Id").GetString()}", answers, StringComparison.Ordinal);
        Assert.Equal(("a@b.test", "<bob>", "127.0.0.1"), (stored.GetProperty("ReversePath").GetString(), stored.GetProperty("Recipients").GetString(), stored.GetProperty("Peer").GetString()));
        Assert.Contains(lines, line => line.GetProperty("Properties").TryGetProperty("Reply", out var reply) && reply.GetString() == "550 5.1.1 No such user");
        var file = await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(Path.Combine(Data, "logs"))));
        Assert.All(file, line => JsonDocument.Parse(line));
    }

    [Fact]
    public async Task Strangers_who_may_register_are_warned_about()
    {
        using var server = MailServerProcess.Start("--data", Data, "--smtp", "0.0.0.0:0", "--pop3", "0", "--registration", "open");
        await server.WaitUntilListeningAsync("POP3");
        if (OperatingSystem.IsWindows())
            return;
        await server.SignalAsync("TERM");
        await server.EndAsync();
        var log = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(Data, "logs"))));
        Assert.Contains("0.0.0.0:", log, StringComparison.Ordinal);
        Assert.Contains("registration is open", log, StringComparison.Ordinal);
    }

    private MailServerProcess Serve() => MailServerProcess.Start("serve", "--data", Data, "--smtp", "0", "--pop3", "0");

    private static async Task AssertFailsAsync(string[] arguments, string reason)
    {
        var (exitCode, _, errors) = await MailServerProcess.RunAsync(arguments);
        Assert.Equal(1, exitCode);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }
}
