using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>The server is killed at random moments while mail comes in and goes out, again and again on the same store.</summary>
[Collection(TortureCollection.Name)]
[Trait("Category", "Torture")]
public sealed class KillUnderLoadTests(ITestOutputHelper output) : IDisposable
{
    private const int Senders = 20;
    private const int Boxes = 5;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-kill-");
    private readonly ConcurrentDictionary<string, string> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _deleted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _uniqueIds = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string[]> _cutQuits = [];

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task Whenever_it_is_killed_nothing_answered_250_is_lost_or_doubled_and_what_was_deleted_stays_deleted()
    {
        var rounds = Scale.Of(3, 50);
        var server = await TortureServer.StartAsync(_data.FullName);
        try
        {
            await server.MakeAccountsAsync(Enumerable.Range(0, Boxes).Select(box => $"box{box}"));
            for (var round = 0; round < rounds; round++)
            {
                using var answered = new SemaphoreSlim(0);
                var clients = Enumerable.Range(0, Senders).Select(sender => SendUntilCutAsync(server.Smtp, round, sender, answered))
                    .Concat(Enumerable.Range(0, Boxes).Select(box => FetchUntilCutAsync(server.Pop3, box))).ToList();
                for (var left = Random.Shared.Next(Scale.Of(500, 3000)); left > 0; left--)
                    Assert.True(await answered.WaitAsync(HangGuard.Limit), "no mail was taken any more");
                await server.KillAsync();
                await Task.WhenAll(clients);
                Assert.Equal("ok", StoreInspection.IntegrityAfterKill(_data.FullName));
                server.Dispose();
                server = await TortureServer.StartAsync(_data.FullName);
                await CheckAsync(server.Pop3);
            }

            Assert.Equal(0, (await server.StopAsync()).ExitCode);
            Assert.Empty(StoreInspection.Leftovers(_data.FullName));
            output.WriteLine(
                $"{rounds} kills: {_acknowledged.Count} messages answered 250, {_deleted.Count} fetched and deleted, {_cutQuits.Count} QUITs cut, integrity_check ok each time");
        }
        finally
        {
            server.Dispose();
        }
    }

    private async Task SendUntilCutAsync(IPEndPoint smtp, int round, int sender, SemaphoreSlim answered)
    {
        using var client = await ConnectUntilCutAsync(smtp);
        if (client is null)
            return;
        await client.AskAsync("HELO client.test");
        for (var number = 0; ; number++)
        {
            var (box, subject) = ($"box{(sender + number) % Boxes}", $"{round}.{sender}.{number}");

            // Every tenth message is long enough to be stored in several commits.
            var text = number % 10 == 9 ? string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 6000)) : "text";
            if (await client.DeliverAsync(box, $"Subject: {subject}\r\n\r\n{text}") is not { } answer)
                return;
            Assert.StartsWith("250 2.0.0 ", answer, StringComparison.Ordinal);
            _acknowledged[subject] = box;
            answered.Release();
        }
    }

    private async Task FetchUntilCutAsync(IPEndPoint pop3, int box)
    {
        while (true)
        {
            using var client = await ConnectUntilCutAsync(pop3);
            if (client is null || await OpenAsync(client, box) is not { } messages)
                return;
            var commands = string.Concat(Enumerable.Range(1, messages.Count).Select(number => $"DELE {number}\r\n"));
            await client.SendAsync(commands + "QUIT\r\n");
            var answer = "";
            for (var replies = 0; replies <= messages.Count && answer is not null; replies++)
                answer = await client.ReadLineAsync();
            if (answer is null)
            {
                _cutQuits.Add([.. messages.Values]);
                return;
            }

            Assert.StartsWith("+OK", answer, StringComparison.Ordinal);
            foreach (var subject in messages.Values)
                Assert.True(_deleted.TryAdd(subject, $"box{box}"), $"{subject} came twice");
        }
    }

    // Null when the server is gone.
    private static async Task<MailTestClient?> ConnectUntilCutAsync(IPEndPoint endPoint)
    {
        try
        {
            return await MailTestClient.GreetedAsync(endPoint);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    // The subjects of a mailbox by unique-id, or null when the connection was cut.
    private async Task<Dictionary<string, string>?> OpenAsync(MailTestClient client, int box)
    {
        if (await client.AskAsync($"USER box{box}") is not { } login)
            return null;
        Assert.StartsWith("+OK Logged in", login, StringComparison.Ordinal);
        await client.AskAsync("UIDL");
        if (await client.ReadLinesAsync() is not { } uniqueIds)
            return null;
        await client.AskAsync("RETR");
        if (await client.ReadLinesAsync() is not { } text)
            return null;
        var subjects = text.Where(line => line.StartsWith("Subject: ", StringComparison.Ordinal)).Select(line => line[9..]).ToList();
        Assert.Equal(uniqueIds.Count, subjects.Count);
        foreach (var (row, subject) in uniqueIds.Zip(subjects))
            Assert.Equal(subject, _uniqueIds.GetOrAdd(row.Split(' ')[1], subject));
        return uniqueIds.Zip(subjects).ToDictionary(pair => pair.First.Split(' ')[1], pair => pair.Second, StringComparer.Ordinal);
    }

    private async Task CheckAsync(IPEndPoint pop3)
    {
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var box = 0; box < Boxes; box++)
        {
            using var client = await MailTestClient.GreetedAsync(pop3);
            var messages = await OpenAsync(client, box);
            Assert.NotNull(messages);
            foreach (var subject in messages.Values)
                Assert.True(stored.TryAdd(subject, $"box{box}"), $"{subject} is there twice");
            await client.AskAsync("QUIT");
        }

        // A QUIT whose answer was cut off was carried out as a whole or not at all.
        foreach (var quit in _cutQuits)
        {
            var left = quit.Count(stored.ContainsKey);
            Assert.True(left == 0 || left == quit.Length || quit.Any(_deleted.ContainsKey), $"{left} of {quit.Length} are left of one QUIT");
        }

        var cut = _cutQuits.SelectMany(quit => quit).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(stored.Keys.Intersect(_deleted.Keys, StringComparer.Ordinal));
        Assert.DoesNotContain(_acknowledged, sent => stored.GetValueOrDefault(sent.Key) != sent.Value && !_deleted.ContainsKey(sent.Key) && !cut.Contains(sent.Key));
    }
}
