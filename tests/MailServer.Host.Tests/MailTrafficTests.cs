using System.Globalization;
using System.Net;

namespace MailServer.Host.Tests;

/// <summary>Many clients at once, against the whole program in this process.</summary>
public sealed class MailTrafficTests : IAsyncLifetime
{
    private const int Senders = 150;
    private const int Readers = 150;
    private const int MessagesEach = 4;

    private TestServer? _server;

    private IPEndPoint Smtp => _server!.Smtp;

    private IPEndPoint Pop3 => _server!.Pop3;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    [Fact]
    public async Task Three_hundred_clients_at_once_are_all_served_and_no_mail_is_lost_or_doubled()
    {
        await TalkAsync(Smtp, string.Concat(Enumerable.Range(0, Readers).Select(i => $"HELO box{i}\r\n")) + "QUIT\r\n");

        var readers = Enumerable.Range(0, Readers).Select(ReadUntilCompleteAsync).ToList();
        var senders = Enumerable.Range(0, Senders).Select(SendAsync).ToList();
        await Task.WhenAll(senders);

        var perBox = Senders * MessagesEach / Readers;
        foreach (var (subjects, box) in (await Task.WhenAll(readers)).Select((subjects, box) => (subjects, box)))
        {
            Assert.Equal(perBox, subjects.Count);
            Assert.Equal(perBox, subjects.Distinct(StringComparer.Ordinal).Count());
            Assert.All(subjects, subject => Assert.StartsWith($"Subject: box{box} ", subject, StringComparison.Ordinal));
        }
    }

    private async Task SendAsync(int sender)
    {
        for (var i = 0; i < MessagesEach; i++)
        {
            var box = ((sender * MessagesEach) + i) % Readers;
            var answers = await TalkAsync(
                Smtp,
                $"EHLO client.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<box{box}@localhost>\r\nDATA\r\nSubject: box{box} {sender}.{i}\r\n\r\ntext\r\n.\r\nQUIT\r\n");
            Assert.Contains("250 2.0.0 Message stored", answers, StringComparison.Ordinal);
        }
    }

    // Takes and deletes what is there, again and again, until all has come.
    private async Task<List<string>> ReadUntilCompleteAsync(int box)
    {
        var subjects = new List<string>();
        while (subjects.Count < Senders * MessagesEach / Readers)
        {
            using var client = await MailTestClient.ConnectAsync(Pop3);
            await client.ReadLineAsync();
            await client.SendAsync($"USER box{box}\r\nSTAT\r\n");
            Assert.StartsWith("+OK Logged in", await client.ReadLineAsync(), StringComparison.Ordinal);
            var count = int.Parse((await client.ReadLineAsync())!.Split(' ')[1], CultureInfo.InvariantCulture);
            await client.SendAsync("RETR\r\n" + string.Concat(Enumerable.Range(1, count).Select(number => $"DELE {number}\r\n")) + "QUIT\r\n");
            client.EndSending();
            var lines = (await client.ReadToEndAsync()).Split("\r\n");
            Assert.StartsWith("+OK", lines[^2], StringComparison.Ordinal);
            subjects.AddRange(lines.Where(line => line.StartsWith("Subject: ", StringComparison.Ordinal)));
        }

        return subjects;
    }

    private static async Task<string> TalkAsync(IPEndPoint endPoint, string text)
    {
        using var client = await MailTestClient.ConnectAsync(endPoint);
        await client.SendAsync(text);
        client.EndSending();
        return await client.ReadToEndAsync();
    }
}
