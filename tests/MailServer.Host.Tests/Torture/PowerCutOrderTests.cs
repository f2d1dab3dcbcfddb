using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>
/// What a power cut leaves is what was synced before it. No test cuts the power; these look at the order in which the
/// server writes, syncs and answers.
/// </summary>
[Trait("Category", "Torture")]
public sealed class PowerCutOrderTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-order-");

    public void Dispose() => _data.Delete(recursive: true);

    [NeedsFact("strace")]
    public async Task Whatever_is_promised_was_synced_before_the_promise_is_sent()
    {
        using var server = await TortureServer.StartAsync(_data.FullName);
        await server.MakeAccountsAsync("bob");
        using var calls = await SystemCalls.TraceAsync(server);
        using (var sender = await MailTestClient.GreetedAsync(server.Smtp))
        {
            await sender.AskAsync("EHLO client.test");
            Assert.StartsWith("250", await sender.DeliverAsync("bob", "Subject: short\r\n\r\ntext"), StringComparison.Ordinal);
            var text = string.Concat(Enumerable.Repeat(new string('x', 78) + "\r\n", 10_000));
            Assert.StartsWith("250", await sender.DeliverAsync("bob", "Subject: long\r\n\r\n" + text), StringComparison.Ordinal);
            Assert.StartsWith("250", await sender.AskAsync("HELO carol"), StringComparison.Ordinal);
        }

        using (var reader = await MailTestClient.GreetedAsync(server.Pop3))
        {
            await reader.AskAsync("USER bob");
            await reader.AskAsync("DELE 1");
            Assert.StartsWith("+OK", await reader.AskAsync("QUIT"), StringComparison.Ordinal);
        }

        await server.StopAsync();
        var all = await calls.EndAsync();
        output.WriteLine($"{all.Count(call => call == "write")} writes and {all.Count(call => call == "sync")} syncs of the write-ahead log");
        AssertSyncedBefore(all, "250 2.0.0 Message stored", times: 2);
        AssertSyncedBefore(all, "your account is made", times: 1);
        AssertSyncedBefore(all, "POP3 server signing off, 1 mess", times: 1);
    }

    // Between the answer before and this one something was written, and the last that happened to it was a sync.
    private static void AssertSyncedBefore(List<string> calls, string answer, int times)
    {
        var found = 0;
        for (var at = 0; at < calls.Count; at++)
        {
            if (!calls[at].Contains(answer, StringComparison.Ordinal))
                continue;
            found++;
            var before = calls.Take(at).Reverse().TakeWhile(call => call is "write" or "sync").ToList();
            Assert.Contains("write", before);
            Assert.Equal("sync", before[0]);
        }

        Assert.Equal(times, found);
    }
}
