using System.Net;
using MailServer.Core.Accounts;
using MailServer.Core.Wire;
using MailServer.Testing;

namespace MailServer.Core.Tests;

public sealed class LoginThrottleTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void An_address_is_blocked_after_its_failures_and_heard_again_when_they_expire()
    {
        var throttle = new LoginThrottle(_clock, limit: 3);
        var peer = new Peer(IPAddress.Parse("192.0.2.7"));
        for (var failure = 1; failure <= 3; failure++)
        {
            Assert.False(throttle.IsBlocked(peer));
            throttle.Fail(peer);
        }

        Assert.True(throttle.IsBlocked(peer));
        Assert.False(throttle.IsBlocked(new Peer(IPAddress.Parse("192.0.2.8"))));
        _clock.Advance(LoginThrottle.Window - TimeSpan.FromSeconds(1));
        Assert.True(throttle.IsBlocked(peer));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(throttle.IsBlocked(peer));
    }

    [Fact]
    public void Clients_on_this_machine_are_exempt()
    {
        var throttle = new LoginThrottle(_clock, limit: 1);
        foreach (var peer in new[] { new Peer(IPAddress.Loopback), new Peer(IPAddress.IPv6Loopback) })
        {
            throttle.Fail(peer);
            Assert.False(throttle.IsBlocked(peer));
        }
    }

    [Fact]
    public void The_addresses_of_one_IPv6_network_count_together()
    {
        var throttle = new LoginThrottle(_clock, limit: 1);
        throttle.Fail(new Peer(IPAddress.Parse("2001:db8::1")));
        Assert.True(throttle.IsBlocked(new Peer(IPAddress.Parse("2001:db8::ffff"))));
        Assert.False(throttle.IsBlocked(new Peer(IPAddress.Parse("2001:db8:0:1::1"))));
    }

    [Fact]
    public void A_flood_of_addresses_does_not_fill_the_memory()
    {
        var throttle = new LoginThrottle(_clock, limit: 1);
        for (var i = 0; i < 100_000; i++)
            throttle.Fail(new Peer(new IPAddress(i + 1L)));
        Assert.InRange(throttle.Count, 1, 10_000);
    }
}
