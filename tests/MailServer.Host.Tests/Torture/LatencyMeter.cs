using System.Diagnostics;
using System.Net;

namespace MailServer.Host.Tests.Torture;

/// <summary>Clients that deliver small messages, and how long they wait for the 250.</summary>
internal static class LatencyMeter
{
    /// <summary>Every client delivers so many messages over one connection; gives all waits in order of length.</summary>
    public static async Task<TimeSpan[]> MeasureAsync(IPEndPoint smtp, string recipient, int clients, int messages)
    {
        var waits = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => DeliverAsync(smtp, recipient, messages)));
        return [.. waits.SelectMany(wait => wait).Order()];
    }

    /// <summary>What this share of the waits did not exceed.</summary>
    public static TimeSpan Percentile(TimeSpan[] waits, double share) => waits[(int)(share * (waits.Length - 1))];

    /// <summary>The count of messages that some clients deliver in a time.</summary>
    public static async Task<int> CountAsync(IPEndPoint smtp, string recipient, int clients, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        return (await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            using var client = await MailTestClient.GreetedAsync(smtp);
            await client.AskAsync("EHLO client.test");
            var count = 0;
            for (; Stopwatch.GetElapsedTime(start) < time; count++)
                Assert.StartsWith("250", await client.DeliverAsync(recipient, "Subject: x\r\n\r\ntext"), StringComparison.Ordinal);
            return count;
        }))).Sum();
    }

    private static async Task<TimeSpan[]> DeliverAsync(IPEndPoint smtp, string recipient, int messages)
    {
        var waits = new TimeSpan[messages];
        using var client = await MailTestClient.GreetedAsync(smtp);
        Assert.StartsWith("220", client.Greeting, StringComparison.Ordinal);
        await client.AskAsync("EHLO client.test");
        for (var i = 0; i < messages; i++)
        {
            await client.AskAsync("MAIL FROM:<a@b.test>");
            await client.AskAsync($"RCPT TO:<{recipient}>");
            await client.AskAsync("DATA");
            var start = Stopwatch.GetTimestamp();
            Assert.StartsWith("250", await client.AskAsync("Subject: x\r\n\r\ntext\r\n."), StringComparison.Ordinal);
            waits[i] = Stopwatch.GetElapsedTime(start);
        }

        return waits;
    }
}
