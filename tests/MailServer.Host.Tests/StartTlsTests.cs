using MailServer.Core.Accounts;

namespace MailServer.Host.Tests;

/// <summary>What goes wrong, or is made to, where a connection turns from clear text to TLS and back.</summary>
public sealed class StartTlsTests : IAsyncLifetime
{
    private static readonly AccountName Bob = AccountName.TryParse("bob")!;

    private TestServer? _server;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.AddAccountAsync(Bob);
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    [Fact]
    public async Task Clear_octets_in_the_packet_before_the_handshake_end_the_session()
    {
        using var client = await ConnectAsync();
        await client.ExpectAsync("STARTTLS", "220 2.0.0 ");

        await client.SendAsync("EHLO mallory\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\n");

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task What_follows_in_clear_when_TLS_was_closed_within_a_chunk_is_no_message()
    {
        using var client = await ConnectAsync();
        await StartTlsAsync(client);
        await client.ExpectAsync("EHLO client.test", "250 ");
        await client.ExpectAsync("MAIL FROM:<a@b.test>", "250 2.1.0 ");
        await client.ExpectAsync("RCPT TO:<bob@localhost>", "250 2.1.5 ");
        await client.SendAsync("BDAT 40 LAST\r\nSubject: half\r\n");
        await client.EndTlsAsync();

        await client.SendAsync("\r\nthe other half, in clear text\r\nQUIT\r\n");

        // What comes in clear, if anything does; records of TLS hold no such text.
        var rest = await client.ReadToEndAsync();
        Assert.DoesNotContain("250 2.0.0 ", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("221 2.0.0 ", rest, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task One_who_never_shakes_hands_keeps_nobody_else_waiting()
    {
        using var silent = await ConnectAsync();
        await silent.ExpectAsync("STARTTLS", "220 ");

        using var other = await ConnectAsync();
        await StartTlsAsync(other);
        await other.ExpectAsync("EHLO client.test", "250 HELP");
    }

    // Greeted, with the extensions asked for.
    private async Task<MailTestClient> ConnectAsync()
    {
        var client = await MailTestClient.GreetedAsync(_server!.Smtp);
        await client.ExpectAsync("EHLO client.test", "250 ");
        return client;
    }

    private async Task StartTlsAsync(MailTestClient client)
    {
        await client.ExpectAsync("STARTTLS", "220 ");
        await client.StartTlsAsync(_server!.Certificate);
    }

    private async Task<int> CountAsync() => (await _server!.MessagesOfAsync(Bob))!.Count;
}
