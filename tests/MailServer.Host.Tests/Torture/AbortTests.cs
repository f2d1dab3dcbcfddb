using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>Clients that vanish at every point of a conversation leave nothing behind.</summary>
[Collection(TortureCollection.Name)]
[Trait("Category", "Torture")]
public sealed class AbortTests(ITestOutputHelper output) : IDisposable
{
    private const int AtOnce = 40;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-abort-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task Aborted_sessions_leave_no_memory_file_lock_or_half_message_behind()
    {
        using var server = await TortureServer.StartAsync(_data.FullName);
        var boxes = Enumerable.Range(0, AtOnce).Select(box => $"box{box}").ToList();
        await server.MakeAccountsAsync(boxes);
        await FillAsync(server, boxes);
        var rows = await RowsAsync(server);
        var rest = server.Descriptors;

        await AbortAsync(rows, boxes, Scale.Of(500, 20_000));
        var before = await server.SettleAsync(rest.Sockets);
        var warm = server.Resident;
        var count = Scale.Of(2_000, 100_000);
        var start = Stopwatch.GetTimestamp();
        await AbortAsync(rows, boxes, count);
        var took = Stopwatch.GetElapsedTime(start);
        var after = await server.SettleAsync(rest.Sockets);
        var resident = server.Resident;
        output.WriteLine(
            $"{count} aborted sessions of {rows.Count} kinds in {took.TotalSeconds:0.0} s: memory {warm >> 20} MB before and {resident >> 20} MB after, "
            + $"open (files, sockets) {rest} at rest, {before} after the warm-up, {after} at the end");

        // The store keeps some files open for later readers, as many as ever read at once.
        Assert.InRange(after.Sockets, 0, rest.Sockets);
        Assert.InRange(after.Files, 0, rest.Files + AtOnce);
        await AssertAllOpenAsync(server, boxes);
        if (Scale.IsFull)
            Assert.InRange(resident, 0, (long)(1.2 * warm));

        // A conversation that is still there would be waited for, and cut off.
        await server.SettleAsync(rest.Sockets);
        var (exitCode, _, errors) = await server.StopAsync();
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.DoesNotContain("does not wait any longer", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", server.Output, StringComparison.Ordinal);
        Assert.Empty(StoreInspection.Leftovers(_data.FullName));
    }

    // The kinds: where to connect and what to do with the mailbox that is given.
    private static async Task<List<Func<string, Task>>> RowsAsync(TortureServer server)
    {
        var hello = await Hangups.ClientHelloAsync();
        var rows = new List<Func<string, Task>>();
        foreach (var text in Hangups.Smtp)
            rows.Add(box => SayAsync(server.Smtp, text, box));
        foreach (var text in Hangups.Pop3)
            rows.Add(box => SayAsync(server.Pop3, text, box));
        foreach (var (endPoint, start) in new[] { (server.Smtp, "EHLO x.test\r\nSTARTTLS\r\n"), (server.Pop3, "STLS\r\n"), (server.SmtpTls, ""), (server.Pop3Tls, "") })
        {
            rows.Add(_ => TlsAsync(endPoint, start, []));
            rows.Add(_ => TlsAsync(endPoint, start, hello));
            rows.Add(_ => TlsAsync(endPoint, start, hello[..(hello.Length / 2)]));
            rows.Add(_ => TlsAsync(endPoint, start, RandomNumberGenerator.GetBytes(300)));
        }

        rows.Add(box => EncryptedAsync(server.SmtpTls, Hangups.Smtp[7].Replace("{0}", box, StringComparison.Ordinal)));
        rows.Add(box => EncryptedAsync(server.Pop3Tls, $"USER {box}\r\nRETR 1\r\n"));
        rows.Add(_ => SayAsync(server.Smtp, new string('x', 100_000), ""));
        return rows;
    }

    // Every mailbox is used by one client at a time, as POP3 lets only one in.
    private static Task AbortAsync(List<Func<string, Task>> rows, List<string> boxes, int count)
    {
        var next = -1;
        return Task.WhenAll(boxes.Select(async box =>
        {
            while (Interlocked.Increment(ref next) is var number && number < count)
                await rows[number % rows.Count](box);
        }));
    }

    private static async Task SayAsync(IPEndPoint endPoint, string text, string box)
    {
        using var client = await MailTestClient.ConnectAsync(endPoint);
        await client.SendAsync(text.Replace("{0}", box, StringComparison.Ordinal));
        await BreakOffAsync(client);
    }

    private static async Task TlsAsync(IPEndPoint endPoint, string start, byte[] octets)
    {
        using var client = await MailTestClient.ConnectAsync(endPoint);
        if (start.Length > 0)
        {
            await client.ReadLineAsync();
            foreach (var line in start.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
                await client.AskAsync(line);
        }

        await client.SendAsync(octets);
        await BreakOffAsync(client);
    }

    private static async Task EncryptedAsync(IPEndPoint endPoint, string text)
    {
        using var client = await MailTestClient.ConnectAsync(endPoint);
        await client.StartTlsAsync();
        await client.SendAsync(text);
        await BreakOffAsync(client);
    }

    // By chance at once or a little later, with FIN or RST.
    private static async Task BreakOffAsync(MailTestClient client)
    {
        if (Random.Shared.Next(2) == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10)), TimeProvider.System);
        if (Random.Shared.Next(2) == 0)
            client.Reset();
    }

    private static async Task FillAsync(TortureServer server, List<string> boxes)
    {
        using var client = await MailTestClient.GreetedAsync(server.Smtp);
        await client.AskAsync("EHLO client.test");
        await client.AskAsync("MAIL FROM:<a@b.test>");
        foreach (var box in boxes)
            await client.AskAsync($"RCPT TO:<{box}>");
        await client.AskAsync("DATA");
        var text = string.Concat(Enumerable.Repeat(new string('x', 78) + "\r\n", 13_000));
        Assert.StartsWith("250", await client.AskAsync($"Subject: long\r\n\r\n{text}."), StringComparison.Ordinal);
    }

    private static async Task AssertAllOpenAsync(TortureServer server, List<string> boxes)
    {
        var clients = await Task.WhenAll(boxes.Select(async box =>
        {
            var client = await MailTestClient.GreetedAsync(server.Pop3);
            Assert.StartsWith("+OK Logged in, 1 message ", await client.AskAsync($"USER {box}"), StringComparison.Ordinal);
            return client;
        }));
        foreach (var client in clients)
            client.Dispose();
    }
}
