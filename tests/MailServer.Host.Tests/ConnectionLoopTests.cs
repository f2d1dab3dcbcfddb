using System.Text;
using MailServer.Core.Sessions;

namespace MailServer.Host.Tests;

/// <summary>What a connection does with a session, whatever the protocol.</summary>
public class ConnectionLoopTests
{
    [Fact]
    public async Task Lines_that_come_together_are_answered_in_one_flush()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("one\ntwo\nquit\n");
        Assert.Equal("one\ntwo\nbye\n", await client.ReadToEndAsync());
        Assert.Equal([0, "one\n".Length, "one\ntwo\n".Length], server.Sessions[0].Unflushed);
    }

    [Fact]
    public async Task A_line_may_come_octet_by_octet()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        foreach (var octet in "slow")
        {
            await client.SendAsync(octet.ToString());
            await server.Sessions[0].SawPartOfLine.WaitAsync();
        }

        await client.SendAsync("\n");
        Assert.Equal("slow", await client.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_ends_its_side_gets_all_of_its_answers()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        var answers = client.ReadToEndAsync();
        await client.SendAsync(lines + "half a line");
        client.EndSending();
        Assert.Equal(lines, await answers);
    }

    [Fact]
    public async Task What_comes_after_the_end_does_not_cost_the_last_reply()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("quit\n" + new string('x', 200_000));
        Assert.Equal("bye\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Commands_of_a_client_that_has_gone_are_carried_out()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("work\n");
        await client.SendAsync("quit\n");
        client.Dispose();
        var session = server.Sessions[0];
        session.WorkDone.SetResult();
        await session.Disposed;
        Assert.Equal(2, session.Progress);
    }

    [Fact]
    public async Task A_reset_frees_the_session_once()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        client.Reset();
        await server.Sessions[0].Disposed;
        await server.StopAsync();
        Assert.Equal(1, server.Sessions[0].Disposals);
    }

    [Fact]
    public async Task A_fault_of_ours_is_answered_and_ends_only_its_own_session()
    {
        await using var server = EchoServer.Run();
        using var other = await server.ConnectAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync("one\nfault\ntwo\n");
        Assert.Equal("one\nsorry\n", await client.ReadToEndAsync());
        await other.SendAsync("still here\n");
        Assert.Equal("still here", await other.ReadLineAsync());
        await server.Sessions[1].Disposed;
        Assert.Equal(1, server.Sessions[1].Disposals);
    }

    [Fact]
    public async Task Silence_ends_with_a_farewell()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        server.Clock.Advance(EchoServer.Patience);
        Assert.Equal("timeout\n", await client.ReadToEndAsync());
        await server.Sessions[0].Disposed;
    }

    [Fact]
    public async Task A_drip_of_octets_is_no_progress()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("x");
            await server.Sessions[0].SawPartOfLine.WaitAsync();
            server.Clock.Advance(EchoServer.Patience / 2);
        }

        Assert.Equal("timeout\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_whole_line_is_progress()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            // The begin of the next line is only seen once the deadline has been moved for the last one.
            await client.SendAsync("x");
            await server.Sessions[0].SawPartOfLine.WaitAsync();
            server.Clock.Advance(EchoServer.Patience - TimeSpan.FromSeconds(1));
            await client.SendAsync("\n");
            Assert.Equal("x", await client.ReadLineAsync());
        }
    }

    [Fact]
    public async Task Time_that_the_server_takes_is_not_the_clients()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("x");
        await server.Sessions[0].SawPartOfLine.WaitAsync();
        await client.SendAsync("\nwork\n");
        Assert.Equal("x", await ReadWhenWorkIsDoneAsync(server, client));
        Assert.Equal("work", await client.ReadLineAsync());
        await client.SendAsync("quit\n");
        Assert.Equal("bye", await client.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        await client.SendAsync("long\n");
        while (server.Sessions[0].Progress < 1)
            await Task.Yield();
        await server.AdvanceUntilAsync(server.Sessions[0].Disposed);
        Assert.Equal(1, server.Sessions[0].Disposals);

        // Nobody was there to hear a farewell.
        Assert.Equal(SessionWants.Input, server.Sessions[0].Wants);
    }

    [Fact]
    public async Task A_line_longer_than_every_buffer_passes_unharmed()
    {
        await using var server = EchoServer.Run();
        using var client = await server.ConnectAsync();
        var line = new StringBuilder().Insert(0, "gr\u00FC\u00DFe ", 10_000).ToString();
        await client.SendAsync(Encoding.UTF8.GetBytes(line + "\n"));
        Assert.Equal(line, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes((await client.ReadLineAsync())!)));
    }

    private static async Task<string?> ReadWhenWorkIsDoneAsync(EchoServer server, MailTestClient client)
    {
        while (server.Sessions[0].Progress < 2)
            await Task.Yield();
        server.Clock.Advance(EchoServer.Patience * 3);
        server.Sessions[0].WorkDone.SetResult();
        return await client.ReadLineAsync();
    }
}
