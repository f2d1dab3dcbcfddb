using System.Diagnostics;
using System.Net.Sockets;

namespace MailServer.Benchmarks.Load;

/// <summary>
/// A bounded count of work, shared out to clients that run at the same time. Each takes the next piece when it is done with one,
/// so that a slow client holds up nobody.
/// </summary>
internal sealed class LoadRun(string name, string unit, long count)
{
    private long _taken;
    private long _octets;
    private long _errors;
    private string? _firstError;

    /// <summary>Runs the clients to the end of the work.</summary>
    public async Task<LoadResult> RunAsync(int clients, Func<LoadRun, int, Latencies, Task> client, IReadOnlyList<int> serverPids)
    {
        var latencies = Enumerable.Range(0, clients).Select(_ => new Latencies()).ToArray();
        var watch = ServerWatch.Start(serverPids);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(latencies.Select((own, index) => Task.Run(() => client(this, index, own))));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = new Latencies();
        foreach (var own in latencies)
            all.Add(own);
        return new(
            name, unit, all.Count, _octets, seconds, all.Percentile(0.5), all.Percentile(0.95), all.Percentile(0.99), _errors, _firstError)
        {
            Server = watch?.Read(),
        };
    }

    /// <summary>Takes the next piece of work. False when none is left.</summary>
    public bool TryTake() => Interlocked.Increment(ref _taken) <= count;

    /// <summary>Counts octets that were carried.</summary>
    public void Carried(long octets) => Interlocked.Add(ref _octets, octets);

    /// <summary>Counts an error. The piece of work is not done again, so that a run ends whatever the server does.</summary>
    public void Failed(Exception exception)
    {
        Interlocked.Increment(ref _errors);
        Interlocked.CompareExchange(ref _firstError, exception.Message, null);
    }

    /// <summary>True for what a server may do to its clients.</summary>
    public static bool IsServers(Exception exception) => exception is WireFault or SocketException;
}
