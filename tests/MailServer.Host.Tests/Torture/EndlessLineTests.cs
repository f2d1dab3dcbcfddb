using System.Diagnostics;
using System.Net;
using System.Text;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>Lines that never end, behind every verb and within everything that a client may send.</summary>
[Collection(TortureCollection.Name)]
[Trait("Category", "Torture")]
public sealed class EndlessLineTests(ITestOutputHelper output) : IDisposable
{
    private const string Transaction = "EHLO client.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\n";
    private const long MaxResident = 150L * 1024 * 1024;

    private static readonly string[] _smtp =
    [
        .. "HELO,EHLO,MAIL FROM:<,RCPT TO:<,DATA,BDAT,RSET,NOOP,QUIT,VRFY,EXPN,HELP,AUTH PLAIN,AUTH LOGIN,STARTTLS,PASS,,no-verb,GET".Split(','),
        "EHLO client.test\r\nAUTH PLAIN\r\n",
        "EHLO client.test\r\nAUTH LOGIN\r\n",
        "EHLO client.test\r\nAUTH LOGIN\r\nYm9i\r\n",
        "EHLO bob\r\n",
        "EHLO client.test\r\nMAIL FROM:<a@b.test> ",
        "HELO client.test\n",
        Transaction + "DATA\r\n",
        Transaction + "BDAT 4000000000 LAST\r\n",
        Transaction + "BDAT 4\r\ntext",
    ];

    private static readonly string[] _pop3 =
    [
        .. "USER,PASS,AUTH PLAIN,STLS,CAPA,STAT,LIST,UIDL,RETR,TOP,DELE,RSET,NOOP,QUIT,HELP,UTF8,,no-verb,GET".Split(','),
        "AUTH PLAIN\r\n",
        "USER bob\r\n",
        "USER bob\r\nRETR ",
        "USER bob\r\nTOP 1 ",
        "CAPA\n",
    ];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-endless-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task A_line_without_an_end_costs_no_memory_and_disturbs_nobody()
    {
        var octets = Scale.Of(16L << 20, 1L << 30);
        using var server = await TortureServer.StartAsync(_data.FullName);
        await server.MakeAccountsAsync("bob");
        using var others = new CancellationTokenSource();
        var bystander = AskUntilAsync(server.Smtp, others.Token);

        var (sent, longest) = (0L, TimeSpan.Zero);
        foreach (var (endPoint, start) in _smtp.Select(start => (server.Smtp, start)).Concat(_pop3.Select(start => (server.Pop3, start))))
        {
            var begun = Stopwatch.GetTimestamp();
            var (count, answers, isClosed) = await SendEndlessAsync(endPoint, start, octets);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
            sent += count;
            Assert.True(isClosed || answers.Length > 0, $"neither an answer nor an end behind {start}");
        }

        await others.CancelAsync();
        var slowest = await bystander;
        output.WriteLine(
            $"{_smtp.Length + _pop3.Length} endless lines, {sent >> 20} MiB taken in all, the longest in {longest.TotalSeconds:0.0} s: "
            + $"peak memory {server.PeakResident >> 20} MB; another client waited {slowest.TotalMilliseconds:0} ms at most");
        Assert.InRange(server.PeakResident, 0, MaxResident);
        Assert.False(server.HasExited);
    }

    // Sends until the server hangs up or everything is out, then ends the line and, in a text, the text.
    private static async Task<(long Sent, string Answers, bool IsClosed)> SendEndlessAsync(IPEndPoint endPoint, string start, long octets)
    {
        using var client = await MailTestClient.GreetedAsync(endPoint);
        await client.SendAsync(start);
        var answers = new StringBuilder();
        var reading = ReadAsync();
        var block = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
        var sent = 0L;
        var isClosed = false;
        while (sent < octets && !isClosed)
        {
            isClosed = reading.IsCompleted || !await client.SendAsync(block);
            sent += block.Length;
        }

        if (!isClosed && await client.SendAsync("\r\n.\r\nQUIT\r\n"))
            client.EndSending();
        await reading;
        return (sent, answers.ToString(), isClosed);

        async Task ReadAsync()
        {
            while (await client.ReadLineAsync() is { } line)
                answers.AppendLine(line);
        }
    }

    private static async Task<TimeSpan> AskUntilAsync(IPEndPoint smtp, CancellationToken end)
    {
        using var client = await MailTestClient.GreetedAsync(smtp);
        var slowest = TimeSpan.Zero;
        while (!end.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        return slowest;
    }
}
