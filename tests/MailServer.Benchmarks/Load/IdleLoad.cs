using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace MailServer.Benchmarks.Load;

/// <summary>What idle connections cost a server.</summary>
/// <param name="BytesPerConnection">The growth of the resident set, divided; of the proportional one where there are many processes.</param>
internal sealed record IdleResult(int Connections, int Refused, ServerUse Before, ServerUse Held, double BytesPerConnection)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"idle: {Connections} held, {Refused} refused, {BytesPerConnection:0} bytes each\n  before: {Before}\n  held: {Held}");
}

/// <summary>Opens connections, reads the greetings, and holds them.</summary>
internal sealed record IdleLoad(IPEndPoint Server, int Connections, TimeSpan Hold, IReadOnlyList<int> ServerPids)
{
    // More at a time would overflow the queue of connections that the server has not accepted yet.
    private const int AtATime = 100;
    private const int Buffer = 512;

    public async Task<IdleResult> RunAsync()
    {
        var watch = new ServerWatch(ServerPids);
        var before = watch.Read();
        var clients = new List<WireClient>(Connections);
        var refused = 0;
        var start = Stopwatch.GetTimestamp();
        foreach (var group in Enumerable.Range(0, Connections).Chunk(AtATime))
        {
            var opened = await Task.WhenAll(group.Select(_ => TryOpenAsync()));
            clients.AddRange(opened.OfType<WireClient>());
            refused += opened.Count(client => client is null);
        }

        if (Stopwatch.GetElapsedTime(start) < Hold)
            await Task.Delay(Hold - Stopwatch.GetElapsedTime(start), TimeProvider.System);
        var held = watch.Read();
        clients.ForEach(client => client.Dispose());
        var growth = held.Processes > 1 ? held.ProportionalMegabytes - before.ProportionalMegabytes : held.ResidentMegabytes - before.ResidentMegabytes;
        return new(clients.Count, refused, before, held, growth * 1024 * 1024 / Math.Max(1, clients.Count));
    }

    private async Task<WireClient?> TryOpenAsync()
    {
        var client = new WireClient(Buffer);
        try
        {
            await client.ConnectAsync(Server);
            return client;
        }
        catch (Exception exception) when (LoadRun.IsServers(exception))
        {
            client.Dispose();
            return null;
        }
    }
}
