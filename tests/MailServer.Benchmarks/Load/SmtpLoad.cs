using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace MailServer.Benchmarks.Load;

/// <summary>Which accounts a load uses: NAME0, NAME1 and so on, of one domain and with one password.</summary>
internal sealed record LoadAccounts(string Name, int Count, string Domain, string Password)
{
    /// <summary>False for the one account that is called NAME.</summary>
    public bool IsNumbered { get; init; } = true;

    public string NameOf(int index) => IsNumbered ? Name + (index % Count).ToString(CultureInfo.InvariantCulture) : Name;

    public string AddressOf(int index) => $"{NameOf(index)}@{Domain}";
}

/// <summary>Sends messages by SMTP.</summary>
internal sealed record SmtpLoad(IPEndPoint Server, LoadAccounts Accounts)
{
    private const int Buffer = 8 * 1024;
    private static readonly byte[] Quit = Encoding.ASCII.GetBytes("QUIT\r\n");

    public int Connections { get; init; } = 1;

    public long Messages { get; init; } = 1000;

    /// <summary>Octets of a message's text.</summary>
    public int Size { get; init; } = 1024;

    /// <summary>0: as many as there are.</summary>
    public int MessagesPerConnection { get; init; }

    public int Recipients { get; init; } = 1;

    /// <summary>True when MAIL, RCPT and DATA go out together (RFC 2920).</summary>
    public bool IsPipelining { get; init; } = true;

    /// <summary>True when every connection logs in as the first of its recipients.</summary>
    public bool LogsIn { get; init; }

    public IReadOnlyList<int> ServerPids { get; init; } = [];

    public async Task<LoadResult> RunAsync()
    {
        var text = SampleText.WithDot(SampleText.OfSize(Size));
        var name = $"smtp {Size} octets x {Connections} connections"
            + (MessagesPerConnection == 0 ? "" : $", {MessagesPerConnection} messages each")
            + (Recipients == 1 ? "" : $", {Recipients} recipients") + (IsPipelining ? ", pipelining" : "") + (LogsIn ? ", auth" : "");
        return await new LoadRun(name, "messages", Messages).RunAsync(Connections, (run, index, latencies) => SendAsync(run, index, text, latencies), ServerPids);
    }

    private async Task SendAsync(LoadRun run, int index, byte[] text, Latencies latencies)
    {
        var words = new Words(this, index);
        WireClient? client = null;
        var sent = 0;
        while (run.TryTake())
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                if (client is null)
                {
                    client = new(Buffer);
                    await words.GreetAsync(client, Server);
                }

                await words.SendAsync(client, text);
                latencies.AddSince(start);
                run.Carried(text.Length);
                if (++sent != MessagesPerConnection)
                    continue;
                await client.SayAsync(Quit);
            }
            catch (Exception exception) when (LoadRun.IsServers(exception))
            {
                run.Failed(exception);
            }

            client?.Dispose();
            client = null;
            sent = 0;
        }

        client?.Dispose();
    }

    // What one client says, prepared once.
    private sealed class Words
    {
        private readonly byte[][] _greeting;
        private readonly byte[][] _envelope;
        private readonly byte[] _envelopeAtOnce;

        public Words(SmtpLoad load, int index)
        {
            var accounts = load.Accounts;
            var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{accounts.NameOf(index)}\0{accounts.Password}"));
            _greeting = Lines(["EHLO load.example.org", .. load.LogsIn ? [$"AUTH PLAIN {login}"] : Array.Empty<string>()]);
            var sender = load.LogsIn ? accounts.AddressOf(index) : "load@example.org";
            var recipients = Enumerable.Range(index * load.Recipients, load.Recipients).Select(i => $"RCPT TO:<{accounts.AddressOf(i)}>");
            _envelope = Lines([$"MAIL FROM:<{sender}>", .. recipients, "DATA"]);
            _envelopeAtOnce = load.IsPipelining ? [.. _envelope.SelectMany(line => line)] : [];
        }

        public async ValueTask GreetAsync(WireClient client, IPEndPoint server)
        {
            await client.ConnectAsync(server);
            foreach (var line in _greeting)
                await client.SayAsync(line);
        }

        [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]
        public async ValueTask SendAsync(WireClient client, byte[] text)
        {
            if (_envelopeAtOnce.Length > 0)
            {
                await client.SendAsync(_envelopeAtOnce);
                await client.ReadRepliesAsync(_envelope.Length);
            }
            else
            {
                foreach (var line in _envelope)
                    await client.SayAsync(line);
            }

            await client.SayAsync(text);
        }

        private static byte[][] Lines(string[] lines) => [.. lines.Select(line => Encoding.ASCII.GetBytes(line + "\r\n"))];
    }
}
