using System.Net;
using MailServer.Core.Sessions;
using MailServer.Net;

namespace MailServer.Host.Tests;

public class ConnectionLimitTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Other = IPAddress.Parse("2001:db8::7");

    [Fact]
    public async Task A_client_over_the_limit_is_refused_in_the_servers_words_until_another_leaves()
    {
        await using var server = EchoServer.Run(new MailLimits { Connections = 2 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        using (var third = await MailTestClient.ConnectAsync(server.EndPoints[0]))
            Assert.Equal("refused\r\n", await third.ReadToEndAsync());

        await first.SendAsync("quit\n");
        Assert.Equal("bye\n", await first.ReadToEndAsync());
        first.Dispose();
        string? greeting = null;
        while (greeting != "hello")
        {
            using var fourth = await MailTestClient.ConnectAsync(server.EndPoints[0]);
            greeting = await fourth.ReadLineAsync();
        }
    }

    [Fact]
    public void There_are_as_many_places_as_the_limit_says()
    {
        var limiter = new ConnectionLimiter(total: 3, perAddress: 3);
        Assert.True(limiter.TryEnter(Stranger));
        Assert.True(limiter.TryEnter(Other));
        Assert.True(limiter.TryEnter(IPAddress.Loopback));
        Assert.False(limiter.TryEnter(IPAddress.IPv6Loopback));
        limiter.Leave(Other);
        Assert.True(limiter.TryEnter(IPAddress.IPv6Loopback));
    }

    [Fact]
    public void One_address_cannot_take_every_place()
    {
        var limiter = new ConnectionLimiter(total: 10, perAddress: 2);
        Assert.True(limiter.TryEnter(Stranger));
        Assert.True(limiter.TryEnter(Stranger));
        Assert.False(limiter.TryEnter(Stranger));
        Assert.True(limiter.TryEnter(Other));
        limiter.Leave(Stranger);
        Assert.True(limiter.TryEnter(Stranger));
        Assert.False(limiter.TryEnter(Stranger));
    }

    [Fact]
    public void Loopback_counts_only_in_all()
    {
        var limiter = new ConnectionLimiter(total: 3, perAddress: 1);
        Assert.True(limiter.TryEnter(IPAddress.Loopback));
        Assert.True(limiter.TryEnter(IPAddress.Loopback));
        Assert.True(limiter.TryEnter(IPAddress.IPv6Loopback));
        Assert.False(limiter.TryEnter(IPAddress.IPv6Loopback));
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             1024                 1024                 processes ", null)]
    public void The_systems_limit_of_open_files_is_known(string line, int? limit) =>
        Assert.Equal(limit, OpenFiles.Limit(["Limit                     Soft Limit           Hard Limit           Units     ", line]));
}
