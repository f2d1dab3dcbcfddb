using System.Diagnostics;
using System.Net;
using System.Text;

namespace MailServer.Benchmarks.Load;

/// <summary>What the clients of a POP3 load do.</summary>
internal enum Pop3Work
{
    /// <summary>Connect, log in and quit, again and again.</summary>
    Login,

    /// <summary>Log in once and list again and again.</summary>
    List,

    /// <summary>Log in once and fetch every message, round after round.</summary>
    Retr,

    /// <summary>Log in, fetch and delete every message, and quit.</summary>
    Dele,
}

/// <summary>Fetches messages by POP3. Client n uses account n, so that no maildrop is shared.</summary>
internal sealed record Pop3Load(IPEndPoint Server, LoadAccounts Accounts, Pop3Work Work)
{
    private const int Buffer = 64 * 1024;

    private static readonly byte[] Stat = Encoding.ASCII.GetBytes("STAT\r\n");
    private static readonly byte[] List = Encoding.ASCII.GetBytes("LIST\r\n");
    private static readonly byte[] Quit = Encoding.ASCII.GetBytes("QUIT\r\n");

    public int Clients { get; init; } = 1;

    /// <summary>Sessions in all for logins; for the others, rounds of every client.</summary>
    public long Rounds { get; init; } = 1;

    /// <summary>True when the commands of a round go out together.</summary>
    public bool IsPipelining { get; init; }

    public IReadOnlyList<int> ServerPids { get; init; } = [];

    public Task<LoadResult> RunAsync()
    {
        var name = $"pop3 {Work} x {Clients} clients".ToLowerInvariant() + (IsPipelining ? ", pipelining" : "");
        return Work == Pop3Work.Login
            ? new LoadRun(name, "sessions", Rounds).RunAsync(Clients, LogInAsync, ServerPids)
            : RunSessionsAsync(name);
    }

    // The clock runs from when all are logged in, so that a login costs the rounds nothing.
    private async Task<LoadResult> RunSessionsAsync(string name)
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, Clients).Select(OpenAsync));
        var run = new LoadRun(name, Work == Pop3Work.List ? "lists" : "messages", long.MaxValue);
        var result = await run.RunAsync(Clients, (own, index, latencies) => WorkAsync(own, sessions[index], latencies), ServerPids);
        foreach (var session in sessions)
            session.Client.Dispose();
        return result;
    }

    private async Task LogInAsync(LoadRun run, int index, Latencies latencies)
    {
        var (user, pass) = Credentials(index);
        while (run.TryTake())
        {
            using var client = new WireClient(1024);
            var start = Stopwatch.GetTimestamp();
            try
            {
                await client.ConnectAsync(Server);
                await client.SayAsync(user);
                await client.SayAsync(pass);
                await client.SayAsync(Quit);
                latencies.AddSince(start);
            }
            catch (Exception exception) when (LoadRun.IsServers(exception))
            {
                run.Failed(exception);
            }
        }
    }

    private async Task<Session> OpenAsync(int index)
    {
        var (user, pass) = Credentials(index);
        var client = new WireClient(Buffer);
        await client.ConnectAsync(Server);
        await client.SayAsync(user);
        await client.SayAsync(pass);
        await client.SayAsync(Stat);
        return new(client, client.NumberInLastReply(), Work == Pop3Work.Dele);
    }

    private async Task WorkAsync(LoadRun run, Session session, Latencies latencies)
    {
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                if (Work == Pop3Work.List)
                    await ListAsync(session.Client, latencies);
                else if (IsPipelining)
                    await FetchAtOnceAsync(run, session, latencies);
                else
                    await FetchAsync(run, session, latencies);
            }

            await session.Client.SayAsync(Quit);
        }
        catch (Exception exception) when (LoadRun.IsServers(exception))
        {
            run.Failed(exception);
        }
    }

    private static async ValueTask ListAsync(WireClient client, Latencies latencies)
    {
        var start = Stopwatch.GetTimestamp();
        await client.SayAsync(List);
        await client.ReadBodyAsync();
        latencies.AddSince(start);
    }

    private static async Task FetchAsync(LoadRun run, Session session, Latencies latencies)
    {
        var client = session.Client;
        foreach (var commands in session.Commands)
        {
            var start = Stopwatch.GetTimestamp();
            await client.SayAsync(commands.Retr);
            run.Carried(await client.ReadBodyAsync());
            if (commands.Dele is { } dele)
                await client.SayAsync(dele);
            latencies.AddSince(start);
        }
    }

    private static async Task FetchAtOnceAsync(LoadRun run, Session session, Latencies latencies)
    {
        var client = session.Client;
        var sending = client.SendAsync(session.AllCommands).AsTask();
        var octets = 0L;
        foreach (var commands in session.Commands)
        {
            var start = Stopwatch.GetTimestamp();
            await client.ReadRepliesAsync(1);
            octets += await client.ReadBodyAsync();
            if (commands.Dele is not null)
                await client.ReadRepliesAsync(1);
            latencies.AddSince(start);
        }

        await sending;
        run.Carried(octets);
    }

    private (byte[] User, byte[] Pass) Credentials(int index) => (
        Encoding.UTF8.GetBytes($"USER {Accounts.NameOf(index)}\r\n"),
        Encoding.UTF8.GetBytes($"PASS {Accounts.Password}\r\n"));

    // A client that is logged in, with what it will say, prepared once.
    private sealed class Session(WireClient client, int messages, bool isDeleting)
    {
        public WireClient Client => client;

        public (byte[] Retr, byte[]? Dele)[] Commands { get; } =
        [
            .. Enumerable.Range(1, messages).Select(number => (
                Encoding.ASCII.GetBytes($"RETR {number}\r\n"),
                isDeleting ? Encoding.ASCII.GetBytes($"DELE {number}\r\n") : null)),
        ];

        public byte[] AllCommands => field ??= [.. Commands.SelectMany(pair => pair.Retr.Concat(pair.Dele ?? []))];
    }
}
