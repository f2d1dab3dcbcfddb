using System.Net;
using System.Net.Sockets;
using MailServer.Net;
using MailServer.Settings;

namespace MailServer.Host.Tests;

/// <summary>How sockets are bound, and what clients' sockets inherit from them.</summary>
public sealed class ListenersTests
{
    [Fact]
    public async Task A_client_that_vanished_is_noticed_within_two_minutes()
    {
        using var listener = Assert.Single(Listeners.Bind([EndPointText.Parse("127.0.0.1:0")], "--smtp")).Listener;
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var accepted = await listener.AcceptSocketAsync();

        Assert.Equal(1, (int)accepted.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        var (idle, interval, count) = (Tcp(SocketOptionName.TcpKeepAliveTime), Tcp(SocketOptionName.TcpKeepAliveInterval), Tcp(SocketOptionName.TcpKeepAliveRetryCount));
        Assert.InRange(idle + (interval * count), 60, 120);
        Assert.True(count >= 3, "a packet may be lost");

        if (OperatingSystem.IsLinux())
        {
            const int UserTimeout = 18;
            var milliseconds = new byte[sizeof(int)];
            accepted.GetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeout, milliseconds);
            Assert.InRange(BitConverter.ToInt32(milliseconds), 60_000, 120_000);
        }

        int Tcp(SocketOptionName name) => (int)accepted.GetSocketOption(SocketOptionLevel.Tcp, name)!;
    }

    // Addresses of documentation, which no machine has.
    [Theory]
    [InlineData("192.0.2.7", "127.0.0.1")]
    [InlineData("127.0.0.1", "192.0.2.7")]
    [InlineData("2001:db8::7", "127.0.0.1")]
    [InlineData("127.0.0.1", "2001:db8::7")]
    public void Of_two_addresses_behind_one_name_that_which_is_there_will_do(string first, string second)
    {
        var both = new EndPointText("localhost:0", [new(IPAddress.Parse(first), 0), new(IPAddress.Parse(second), 0)], IsEncrypted: false);

        using var listener = Assert.Single(Listeners.Bind([both], "--smtp")).Listener;

        Assert.Equal("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Address.ToString());
    }

    [Fact]
    public void Of_two_addresses_one_must_be_there()
    {
        var both = new EndPointText("localhost:2525", [new(IPAddress.Parse("192.0.2.7"), 2525), new(IPAddress.Parse("2001:db8::7"), 2525)], IsEncrypted: false);

        var fault = Assert.Throws<ListenFault>(() => Listeners.Bind([both], "--smtp"));

        Assert.Contains("192.0.2.7:2525: this machine has no such address", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_somebody_named_must_be_there() =>
        Assert.Throws<ListenFault>(() => Listeners.Bind([EndPointText.Parse("127.0.0.1:0"), EndPointText.Parse("192.0.2.7:0")], "--smtp"));

    [Fact]
    public void A_free_port_is_the_same_for_both_addresses()
    {
        // Another loopback address stands for ::1, which not every machine has.
        var both = new EndPointText("localhost:0", [new(IPAddress.Loopback, 0), new(IPAddress.Parse("127.0.0.2"), 0)], IsEncrypted: false);

        for (var count = 0; count < 20; count++)
        {
            var bound = Listeners.Bind([both], "--smtp");
            Assert.Equal(2, bound.Count);
            Assert.Single(bound.Select(listener => listener.EndPoint.Port).Distinct());
            bound.ForEach(listener => listener.Listener.Dispose());
        }
    }

    [Fact]
    public void A_port_that_is_in_use_on_one_of_both_addresses_is_a_fault()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var both = new EndPointText("localhost", [new(IPAddress.Parse("127.0.0.2"), port), new(IPAddress.Loopback, port)], IsEncrypted: false);

        Assert.Contains("the port is in use", Assert.Throws<ListenFault>(() => Listeners.Bind([both], "--smtp")).Message, StringComparison.Ordinal);
    }
}
