using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>The end that an operator asks for, whatever the clients are doing.</summary>
[Trait("Category", "Torture")]
public sealed class ShutdownUnderLoadTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-stop-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task The_server_ends_in_time_whatever_its_clients_do_and_keeps_every_message()
    {
        var server = await TortureServer.StartAsync(_data.FullName);
        try
        {
            await server.MakeAccountsAsync("bob", "alice");
            await DeliverHugeAsync(server);
            var clients = await OccupyAsync(server);
            using var late = await MailTestClient.GreetedAsync(server.Smtp);
            foreach (var line in new[] { "EHLO c.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "DATA" })
                await late.AskAsync(line);
            using var under = new SemaphoreSlim(0);
            var senders = Enumerable.Range(0, 10).Select(number => DeliverUntilRefusedAsync(server, number, under)).ToList();
            for (var delivered = 0; delivered < 50; delivered++)
                Assert.True(await under.WaitAsync(HangGuard.Limit));

            var stopping = server.StopAsync();
            await server.WaitUntilSaidAsync("Stopping");

            // On a machine that lets this wait for longer than a message has, it is refused, and not counted.
            var isLateTaken = (await late.AskAsync("Subject: late\r\n\r\ntext\r\n."))?.StartsWith("250", StringComparison.Ordinal) == true;
            var (exitCode, took, errors) = await stopping;
            var acknowledged = (await Task.WhenAll(senders)).Sum() + (isLateTaken ? 1 : 0);
            clients.ForEach(client => client.Dispose());
            output.WriteLine($"ended after {took.TotalSeconds:0.0} s with {exitCode}, {acknowledged} messages answered 250 meanwhile");
            Assert.Equal((0, ""), (exitCode, errors));
            Assert.Empty(StoreInspection.Leftovers(_data.FullName));

            server.Dispose();
            server = await TortureServer.StartAsync(_data.FullName);
            using var reader = await MailTestClient.GreetedAsync(server.Pop3);
            Assert.StartsWith($"+OK Logged in, {acknowledged} messages ", await reader.AskAsync("USER bob"), StringComparison.Ordinal);
        }
        finally
        {
            server.Dispose();
        }
    }

    // A client in every state.
    private static async Task<List<MailTestClient>> OccupyAsync(TortureServer server)
    {
        var clients = new List<MailTestClient>();
        await SayAsync("");
        await SayAsync("EHLO c.test\r\n");
        await SayAsync("EHLO c.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\n");
        await SayAsync("EHLO c.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: never\r\n\r\nend");
        await SayAsync("EHLO c.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\nBDAT 1000\r\nhalf");
        await SayAsync("EHLO c.test\r\nAUTH LOGIN\r\n");
        await SayAsync("EHLO c.test\r\nAUTH PLAIN AGJvYgB3cm9uZw==\r\n");
        await SayAsync("EHLO c.test\r\nSTARTTLS\r\n");
        foreach (var text in new[] { "", "USER carol\r\n", "AUTH PLAIN\r\n", "STLS\r\n", "USER postmaster\r\nPASS wrong\r\n", "USER alice\r\nRETR 1\r\n" })
        {
            clients.Add(await MailTestClient.ConnectAsync(server.Pop3));
            await clients[^1].SendAsync(text);
        }

        clients.Add(await MailTestClient.ConnectAsync(server.SmtpTls));
        clients.Add(await MailTestClient.ConnectAsync(server.Pop3Tls));
        await clients[^1].SendAsync((await Hangups.ClientHelloAsync()).AsMemory(0, 50));
        return clients;

        async Task SayAsync(string text)
        {
            clients.Add(await MailTestClient.ConnectAsync(server.Smtp));
            await clients[^1].SendAsync(text);
        }
    }

    private static async Task DeliverHugeAsync(TortureServer server)
    {
        using var client = await MailTestClient.GreetedAsync(server.Smtp);
        await client.AskAsync("EHLO c.test");
        var text = string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", Scale.Of(20_000, 50_000)));
        Assert.StartsWith("250", await client.DeliverAsync("alice", "Subject: huge\r\n\r\n" + text), StringComparison.Ordinal);
    }

    // The count of messages answered 250 until the server said goodbye.
    private static async Task<int> DeliverUntilRefusedAsync(TortureServer server, int sender, SemaphoreSlim delivered)
    {
        using var client = await MailTestClient.GreetedAsync(server.Smtp);
        await client.AskAsync("EHLO c.test");
        var count = 0;
        for (; (await client.DeliverAsync("bob", $"Subject: {sender}.{count}\r\n\r\ntext"))?.StartsWith("250", StringComparison.Ordinal) == true; count++)
            delivered.Release();
        return count;
    }
}
