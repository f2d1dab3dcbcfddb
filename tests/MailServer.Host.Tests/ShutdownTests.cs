using System.Net.Sockets;

namespace MailServer.Host.Tests;

public class ShutdownTests
{
    [Fact]
    public async Task Idle_clients_are_told()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await server.StopAsync();
        Assert.Equal("shutdown\n", await client.ReadToEndAsync());
        Assert.Equal(1, server.Sessions[0].Disposals);
    }

    [Fact]
    public async Task A_message_on_its_way_in_may_be_finished()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("message\n");
        Assert.Equal("message", await client.ReadLineAsync());
        var stopped = server.StopAsync();
        await server.WaitUntilStoppingAsync();
        await client.SendAsync("text\n.\nanother command\n");
        Assert.Equal("text\n.\nshutdown\n", await client.ReadToEndAsync());
        await stopped;
    }

    [Fact]
    public async Task A_message_that_does_not_end_is_cut_off()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("message\n");
        Assert.Equal("message", await client.ReadLineAsync());
        var stopped = server.StopAsync();
        await server.WaitUntilStoppingAsync();
        server.Clock.Advance(server.Clock.NextTimerDue!.Value);
        Assert.Equal("shutdown\n", await client.ReadToEndAsync());
        await stopped;
        Assert.Equal(1, server.Sessions[0].Disposals);
    }

    [Fact]
    public async Task Work_under_way_is_finished_before_the_farewell()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("work\none more\n");
        while (server.Sessions[0].Progress < 1)
            await Task.Yield();
        var stopped = server.StopAsync();
        await server.WaitUntilStoppingAsync();
        server.Sessions[0].WorkDone.SetResult();
        Assert.Equal("work\nshutdown\n", await client.ReadToEndAsync());
        await stopped;
    }

    [Fact]
    public async Task Nobody_is_let_in_any_more()
    {
        await using var server = EchoServer.Run();
        var port = server.EndPoints[0];
        await server.StopAsync();
        try
        {
            // Somebody else may have got the port by now.
            using var client = await MailTestClient.ConnectAsync(port);
            await client.ReadLineAsync();
        }
        catch (SocketException)
        {
            // Nobody listens.
        }

        Assert.Empty(server.Sessions);
    }
}
