using System.Collections.Concurrent;
using System.Net;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;
using MailServer.Net;
using MailServer.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailServer.Host.Tests;

/// <summary>A daemon of <see cref="EchoSession"/>s on an ephemeral port, by a clock that the test moves.</summary>
internal sealed class EchoServer : ServerBase
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentQueue<EchoSession> _sessions = new();

    private EchoServer(MailLimits limits, ManualTimeProvider clock)
        : base(new("Echo", "--echo", 0, 0, "refused"), new(limits, Tls: null, new Metrics(), clock, WantsTranscript: false), NullLogger.Instance) => Clock = clock;

    public ManualTimeProvider Clock { get; }

    /// <summary>The conversations so far, in the order in which they began.</summary>
    public EchoSession[] Sessions => [.. _sessions];

    public int Port => EndPoints[0].Port;

    public static EchoServer Run(MailLimits? limits = null)
    {
        var server = new EchoServer(limits ?? new MailLimits(), new ManualTimeProvider());
        server.Bind([EndPointText.Parse("127.0.0.1:0")]);
        server.Start();
        return server;
    }

    /// <summary>
    /// A client that has read the greeting, and for whose first line the server waits: it sets the deadline when it begins, and again
    /// when the greeting is out. Time that passes before counts as the server's own.
    /// </summary>
    public async Task<MailTestClient> ConnectAsync()
    {
        var timersSet = Clock.TimersSet;
        var client = await MailTestClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port));
        Assert.Equal("hello", await client.ReadLineAsync());
        await Clock.UntilAsync(clock => clock.TimersSet >= timersSet + 2);
        return client;
    }

    /// <summary>Lets time pass until something has happened.</summary>
    public async Task AdvanceUntilAsync(Task happened)
    {
        while (!happened.IsCompleted)
        {
            Clock.Advance(Patience);
            await Task.Yield();
        }

        await happened;
    }

    /// <summary>Returns once every conversation has been asked to end, which is when the time that they have begins to run.</summary>
    public Task WaitUntilStoppingAsync() => Clock.UntilAsync(clock => clock.NextTimerDue < Patience);

    protected override IProtocolSession CreateSession(Peer peer, ISessionObserver observer)
    {
        var session = new EchoSession(Patience);
        _sessions.Enqueue(session);
        return session;
    }
}
