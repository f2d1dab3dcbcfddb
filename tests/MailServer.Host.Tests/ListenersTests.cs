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

        int Tcp(SocketOptionName name) => (int)accepted.GetSocketOption(SocketOptionLevel.Tcp, name)!;
    }
}
