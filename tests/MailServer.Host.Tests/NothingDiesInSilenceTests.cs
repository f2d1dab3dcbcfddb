using System.Diagnostics;
using System.Diagnostics.Metrics;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;
using MailServer.Core.Wire;
using MailServer.Net;
using MailServer.Settings;

namespace MailServer.Host.Tests;

/// <summary>
/// What a server calls throws at every call in turn: it tells so in its log, the next client is served, and no place
/// and no mailbox stays taken.
/// </summary>
public sealed class NothingDiesInSilenceTests
{
    private const string Sending = "HELO bob\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n";
    private const string Fetching = "USER bob\r\nLIST\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_store_that_throws(bool isFault, bool forGood)
    {
        for (var (at, hasThrown) = (1, true); hasThrown; at++)
        {
            await using var servers = new Servers();
            var calls = new Calls(at, forGood, () => isFault ? new StoreFault(StoreFaultKind.Unavailable, "no store") : new InvalidOperationException("no store"));
            servers.Store.Fault = _ => calls.Next();
            await TalkAsync(servers.Smtp, Sending);
            await TalkAsync(servers.Pop3, "USER new\r\nPASS right\r\nQUIT\r\n");
            await TalkAsync(servers.Pop3, Fetching);
            servers.Store.Fault = null;
            hasThrown = calls.HaveThrown;
            await AssertLivesAsync(servers, hasThrown);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_throws(bool forGood)
    {
        for (var (at, hasThrown) = (1, true); hasThrown; at++)
        {
            await using var servers = new Servers();
            var calls = new Calls(at, forGood, () => new InvalidOperationException("no session"));
            servers.Sessions.OnCall = calls.Throw;
            await TalkAsync(servers.Sessions, Sending);
            servers.Sessions.OnCall = () => { };
            hasThrown = calls.HaveThrown;
            if (hasThrown)
                await servers.Log.NextAsync("failed because of an internal error");
            Assert.Contains("\r\n250 2.0.0 Message stored", await TalkAsync(servers.Sessions, Sending), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_of_the_meter_that_throws_costs_nobody_anything(bool forGood)
    {
        for (var (at, hasThrown) = (1, true); hasThrown; at++)
        {
            await using var servers = new Servers();
            var calls = new Calls(at, forGood, () => new InvalidOperationException("no meter"));
            using var listener = new MeterListener
            {
                InstrumentPublished = (instrument, self) =>
                {
                    if (instrument.Meter == servers.Metrics.Meter)
                        self.EnableMeasurementEvents(instrument);
                },
            };
            listener.SetMeasurementEventCallback<long>((_, _, _, _) => calls.Throw());
            listener.Start();

            Assert.Contains("\r\n250 2.0.0 Message stored", await TalkAsync(servers.Smtp, Sending), StringComparison.Ordinal);
            Assert.Contains("\r\nSubject: x\r\n\r\ntext\r\n.\r\n+OK", await TalkAsync(servers.Pop3, Fetching), StringComparison.Ordinal);
            hasThrown = calls.HaveThrown;
            if (hasThrown)
                await servers.Log.NextAsync("Error: Something that listens to the metrics fails");
        }
    }

    [Fact]
    public async Task A_store_that_is_broken_ends_the_server_with_a_critical_line_and_an_exit_code()
    {
        var data = Directory.CreateTempSubdirectory("mailserver-broken-");
        var start = new ProcessStartInfo(DotNetHost.File, [typeof(BrokenStore).Assembly.Location, data.FullName])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(HangGuard.Limit);
        await process.WaitForExitAsync().WaitAsync(HangGuard.Limit);

        const string Critical = "FTL MailServer: The writer of the mail store is broken";
        Assert.Contains(Critical, output, StringComparison.Ordinal);
        Assert.Contains(Critical, await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(data.FullName, "logs")))), StringComparison.Ordinal);
        Assert.Contains("start the server again", await errors, StringComparison.Ordinal);
        Assert.NotEqual(0, process.ExitCode);
        data.Delete(recursive: true);
    }

    private static async Task AssertLivesAsync(Servers servers, bool hasThrown)
    {
        if (hasThrown)
            Assert.Contains(servers.Log.Rest(), line => line.StartsWith("Error: ", StringComparison.Ordinal) || line.StartsWith("Critical: ", StringComparison.Ordinal));
        Assert.Contains("\r\n250 2.0.0 Message stored", await TalkAsync(servers.Smtp, Sending), StringComparison.Ordinal);
        Assert.Contains("\r\nSubject: x\r\n\r\ntext\r\n.\r\n+OK", await TalkAsync(servers.Pop3, Fetching), StringComparison.Ordinal);
    }

    private static async Task<string> TalkAsync(ServerBase server, string text)
    {
        using var client = await MailTestClient.ConnectAsync(server.EndPoints[0]);
        await client.SendAsync(text);
        client.EndSending();
        return await client.ReadToEndAsync();
    }

    // Throws at one call, or from one call on.
    private sealed class Calls(int at, bool forGood, Func<Exception> fault)
    {
        private int _count;

        public bool HaveThrown => Volatile.Read(ref _count) >= at;

        public Exception? Next() => Interlocked.Increment(ref _count) is var count && (count == at || (forGood && count > at)) ? fault() : null;

        public void Throw()
        {
            if (Next() is { } exception)
                throw exception;
        }
    }

    private sealed class Servers : IAsyncDisposable
    {
        private readonly PasswordVerifier _passwords = new(new PlainPasswordHasher(), TimeProvider.System);

        public Servers()
        {
            // Fewer places than there are clients: one that stays taken shows.
            var limits = new MailLimits { Connections = 3 };
            Metrics = new Metrics();
            Metrics.ListenerFailed += Log.MeterListenerFailed;
            var services = new SessionServices
            {
                Identity = new ServerIdentity("mail.test", ["mail.test"], "labpc"),
                Limits = limits,
                Accounts = new AccountDirectory(Store, _passwords, RegistrationPolicy.Local),
                Throttle = new(TimeProvider.System, limits.FailedLoginsPerAddress),
                Mail = Store,
                Clock = TimeProvider.System,
                StartTls = StartTlsPolicy.Never,
            };
            var shared = new ConnectionServices(limits, Tls: null, Metrics, TimeProvider.System, WantsTranscript: false);
            (Smtp, Pop3, Sessions) = (new SmtpServer(services, shared, Log), new Pop3Server(services, shared, Log), new FaultySessions(services, shared, Log));
            foreach (var server in new ServerBase[] { Smtp, Pop3, Sessions })
            {
                server.Bind([EndPointText.Parse("127.0.0.1:0")]);
                server.Start();
            }
        }

        public InMemoryStore Store { get; } = new();

        public ListLogger Log { get; } = new();

        public Metrics Metrics { get; }

        public SmtpServer Smtp { get; }

        public Pop3Server Pop3 { get; }

        public FaultySessions Sessions { get; }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(Smtp.StopAsync(), Pop3.StopAsync(), Sessions.StopAsync());
            await Smtp.DisposeAsync();
            await Pop3.DisposeAsync();
            await Sessions.DisposeAsync();
            Metrics.Dispose();
            _passwords.Dispose();
        }
    }

    private sealed class FaultySessions(SessionServices services, ConnectionServices shared, ListLogger log)
        : ServerBase(new("SMTP", "--smtp", 0, 0, "refused"), shared, log)
    {
        public Action OnCall { get; set; } = () => { };

        protected override IProtocolSession CreateSession(Peer peer, ISessionObserver observer) =>
            new FaultySession(new SmtpSession(services, peer, observer), OnCall);
    }
}
