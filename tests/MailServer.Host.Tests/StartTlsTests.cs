using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Settings;
using MailServer.Storage.Sqlite;
using MailServer.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailServer.Host.Tests;

/// <summary>What goes wrong, or is made to, where a connection turns from clear text to TLS and back.</summary>
public sealed class StartTlsTests : IAsyncLifetime
{
    private const string Envelope = "EHLO client.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob@localhost>\r\n";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-starttls-");
    private readonly byte[] _buffer = new byte[4096];
    private Composition? _servers;

    public async Task InitializeAsync()
    {
        _servers = await Composition.StartAsync(
            new ServerSettings
            {
                DataDirectory = _data.FullName,
                Smtp = [EndPointText.Parse("127.0.0.1:0")],
                Pop3 = [EndPointText.Parse("127.0.0.1:0")],
            },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await using var store = SqliteStore.Open(_data.FullName);
        await store.Accounts.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _servers!.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Clear_octets_in_the_packet_before_the_handshake_end_the_session()
    {
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await SayAsync(stream, "EHLO client.test\r\n");
        Assert.StartsWith("220 2.0.0 ", await SayAsync(stream, "STARTTLS\r\n"), StringComparison.Ordinal);

        await stream.WriteAsync(Encoding.ASCII.GetBytes("EHLO mallory\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<bob>\r\n"));

        Assert.Equal("", await ReadToEndAsync(stream));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task What_follows_in_clear_when_TLS_was_closed_within_a_chunk_is_no_message()
    {
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await using var tls = await StartTlsAsync(stream);
        await SayAsync(tls, Envelope, until: "250 2.1.5 ");
        await tls.WriteAsync(Encoding.ASCII.GetBytes("BDAT 40 LAST\r\nSubject: half\r\n"));
        await tls.ShutdownAsync();

        await stream.WriteAsync(Encoding.ASCII.GetBytes("\r\nthe other half, in clear text\r\nQUIT\r\n"));

        var rest = await ReadToEndAsync(stream);
        Assert.DoesNotContain("250 2.0.0", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("221", rest, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task One_who_never_shakes_hands_keeps_nobody_else_waiting()
    {
        using var silent = await ConnectAsync();
        await using var stream = new NetworkStream(silent);
        await SayAsync(stream, "EHLO client.test\r\n");
        await SayAsync(stream, "STARTTLS\r\n");

        using var other = await ConnectAsync();
        await using var otherStream = new NetworkStream(other);
        await using var tls = await StartTlsAsync(otherStream);
        Assert.Contains("250 HELP", await SayAsync(tls, "EHLO client.test\r\n", until: "250 "), StringComparison.Ordinal);
    }

    private async Task<Socket> ConnectAsync()
    {
        var endPoint = _servers!.SmtpEndPoints[0];
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        await using var stream = new NetworkStream(socket);
        await SayAsync(stream, "", until: "220 ");
        return socket;
    }

    private async Task<SslStream> StartTlsAsync(NetworkStream stream)
    {
        await SayAsync(stream, "EHLO client.test\r\n");
        await SayAsync(stream, "STARTTLS\r\n");
        using var known = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_data.FullName, "tls", "cert.pem"));
        var tls = new SslStream(stream, leaveInnerStreamOpen: true, (_, shown, _, _) => known.Equals(shown));
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(HangGuard.Limit);
        return tls;
    }

    // Says something, and returns the answer up to the line that begins so, or to the last line of one reply.
    private async Task<string> SayAsync(Stream stream, string text, string? until = null)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        var answer = "";
        while (!answer.Split("\r\n").SkipLast(1).Any(line => until is null ? line is [_, _, _, ' ', ..] : line.StartsWith(until, StringComparison.Ordinal)))
        {
            var length = await stream.ReadAsync(_buffer).AsTask().WaitAsync(HangGuard.Limit);
            Assert.NotEqual(0, length);
            answer += Encoding.ASCII.GetString(_buffer, 0, length);
        }

        return answer;
    }

    private async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        var rest = new StringBuilder();
        try
        {
            while (await stream.ReadAsync(_buffer).AsTask().WaitAsync(HangGuard.Limit) is > 0 and var length)
            {
                // TLS records begin with an octet below 0x20; what is asked about is clear text.
                rest.Append(_buffer[0] < 0x20 ? "" : Encoding.ASCII.GetString(_buffer, 0, length));
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }

        return rest.ToString();
    }

    private async Task<int> CountAsync()
    {
        await using var store = SqliteStore.Open(_data.FullName);
        var bob = await store.Accounts.FindAsync(AccountName.TryParse("bob")!, CancellationToken.None);
        await using var maildrop = await store.Mail.OpenMaildropAsync(bob!, CancellationToken.None);
        return maildrop!.Entries.Count;
    }
}
