using MailServer.Core.Sessions;
using MailServer.Core.Wire;
using MailServer.Net;
using MailServer.Settings;

namespace MailServer.Host.Tests;

/// <summary>An error of ours while a client is taken in costs that client its connection, and nobody else.</summary>
public sealed class AcceptLoopTests
{
    [Fact]
    public async Task A_client_that_cannot_be_taken_in_ends_alone_and_gives_its_place_back()
    {
        var log = new ListLogger();
        await using var server = new FaultyServer(log);
        server.Bind([EndPointText.Parse("127.0.0.1:0")]);
        server.Start();

        // More than there are places.
        for (var count = 0; count < 5; count++)
        {
            server.IsFaulty = true;
            using var refused = await MailTestClient.ConnectAsync(server.EndPoints[0]);
            Assert.Contains("Echo could not accept a client", await log.NextAsync("Critical: "), StringComparison.Ordinal);
            Assert.Equal("", await refused.ReadToEndAsync());
            server.IsFaulty = false;
            while (server.Clock.NextTimerDue is null)
                await Task.Yield();
            server.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        using var client = await MailTestClient.ConnectAsync(server.EndPoints[0]);
        Assert.Equal("hello", await client.ReadLineAsync());
    }

    private sealed class FaultyServer(ListLogger log, ManualTimeProvider clock)
        : ServerBase(
            new("Echo", "--echo", 0, 0, "refused"),
            new(new MailLimits { Connections = 2 }, Tls: null, new Metrics(), clock, WantsTranscript: false),
            log)
    {
        private volatile bool _isFaulty;

        public FaultyServer(ListLogger log)
            : this(log, new ManualTimeProvider())
        {
        }

        public ManualTimeProvider Clock => clock;

        public bool IsFaulty
        {
            get => _isFaulty;
            set => _isFaulty = value;
        }

        protected override IProtocolSession CreateSession(Peer peer, ISessionObserver observer) =>
            IsFaulty ? throw new InvalidOperationException("no session") : new EchoSession(TimeSpan.FromMinutes(5));
    }
}
