using System.Diagnostics;
using System.Net;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>Many clients that do nothing, and more clients than there are places.</summary>
[Collection(TortureCollection.Name)]
[Trait("Category", "Torture")]
public sealed class CrowdTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-crowd-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task Idle_connections_keep_nobody_from_delivering()
    {
        var (idle, messages) = (Scale.Of(200, 2000), Scale.Of(10, 100));
        using var server = await TortureServer.StartAsync(_data.FullName);
        await server.MakeAccountsAsync("bob");
        await LatencyMeter.MeasureAsync(server.Smtp, "bob", clients: 20, messages);

        var clients = new List<MailTestClient>();
        var (without, with) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < Scale.Of(1, 5); round++)
        {
            without.Add(await P99Async());
            await Task.WhenAll(Enumerable.Range(0, idle).Select(async number =>
            {
                var client = await MailTestClient.GreetedAsync(number % 2 == 0 ? server.Smtp : server.Pop3);
                lock (clients)
                    clients.Add(client);
            }));
            Assert.All(clients, client => Assert.Matches("^(220|\\+OK) ", client.Greeting));
            with.Add(await P99Async());
            foreach (var client in clients.Where((_, number) => number % 50 == 0))
                Assert.Matches("^(250|-ERR) ", await client.AskAsync("NOOP"));
            clients.ForEach(client => client.Dispose());
            clients.Clear();
        }

        var (median, loaded) = (without.Order().ElementAt(without.Count / 2), with.Order().ElementAt(with.Count / 2));
        output.WriteLine($"p99 of a delivery: {median.TotalMilliseconds:0.0} ms alone, {loaded.TotalMilliseconds:0.0} ms beside {idle} idle connections; peak memory {server.PeakResident >> 20} MB");
        if (Scale.IsFull)
            Assert.True(loaded < (2 * median) + TimeSpan.FromMilliseconds(5), "idle connections slow deliveries down");

        async Task<TimeSpan> P99Async() => LatencyMeter.Percentile(await LatencyMeter.MeasureAsync(server.Smtp, "bob", clients: 20, messages), 0.99);
    }

    [LinuxFact]
    public async Task Whoever_comes_when_all_places_are_taken_is_refused_at_once_while_the_others_go_on()
    {
        const int Places = 20;
        using var server = await TortureServer.StartAsync(_data.FullName, "--connections", $"{Places}");
        await server.MakeAccountsAsync("bob");
        foreach (var (endPoint, refusal) in new[] { (server.Smtp, "421 4.7.0"), (server.Pop3, "-ERR [SYS/TEMP]") })
        {
            var served = await FillAsync(endPoint, Places);
            var refusals = await Task.WhenAll(Enumerable.Range(0, Scale.Of(100, 5000)).Select(async _ =>
            {
                var start = Stopwatch.GetTimestamp();
                using var client = await MailTestClient.GreetedAsync(endPoint);
                var took = Stopwatch.GetElapsedTime(start);
                Assert.StartsWith(refusal, client.Greeting, StringComparison.Ordinal);
                Assert.Null(await client.ReadLineAsync());
                return took;
            }));
            output.WriteLine($"{refusal}: {refusals.Length} refused, the slowest after {refusals.Max().TotalMilliseconds:0} ms");
            foreach (var client in served)
                Assert.Matches("^(214|\\+OK)", await client.AskAsync("HELP"));
            served.ForEach(client => client.Dispose());
        }
    }

    private static async Task<List<MailTestClient>> FillAsync(IPEndPoint endPoint, int places)
    {
        // The place of a client that has just left may not be free yet.
        var clients = new List<MailTestClient>();
        while (clients.Count < places)
        {
            var client = await MailTestClient.GreetedAsync(endPoint);
            if (client.Greeting?.Contains("eady", StringComparison.Ordinal) == true)
                clients.Add(client);
            else
                client.Dispose();
        }

        return clients;
    }
}
