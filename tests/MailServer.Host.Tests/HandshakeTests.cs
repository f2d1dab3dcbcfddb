using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using MailServer.Net;
using MailServer.Settings;
using MailServer.Testing;

namespace MailServer.Host.Tests;

/// <summary>TLS handshakes that do not come about: what the log says, and that nobody waits for them.</summary>
public sealed class HandshakeTests : IAsyncLifetime, IDisposable
{
    // Only a broken server makes a test wait this long.
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-handshake-");
    private readonly ManualTimeProvider _clock = new();
    private readonly ListLogger _log = new();
    private Composition? _servers;

    public async Task InitializeAsync() => _servers = await Composition.StartAsync(
        new ServerSettings
        {
            DataDirectory = _data.FullName,
            Smtp = [EndPointText.Parse("127.0.0.1:0/tls"), EndPointText.Parse("127.0.0.1:0")],
            Pop3 = [EndPointText.Parse("127.0.0.1:0")],
        },
        _clock,
        _log);

    public async Task DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_client_that_never_shakes_hands()
    {
        using var silent = await ConnectAsync(0);
        await _log.NextAsync("connected");
        using var half = await ConnectAsync(1);
        await using var stream = new NetworkStream(half);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("EHLO a.test\r\nSTARTTLS\r\n"));
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync().WaitAsync(_hang) is { } line && !line.StartsWith("220 2.0.0", StringComparison.Ordinal))
        {
        }

        // By this clock no time passes.
        var stopped = _servers!.DisposeAsync().AsTask();
        _servers = null;
        await stopped.WaitAsync(_hang);

        Assert.DoesNotContain(_log.Rest(), line => line.StartsWith("Error", StringComparison.Ordinal) || line.Contains("does not wait any longer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(42, "bad certificate")]
    [InlineData(46, "certificate unknown")]
    [InlineData(48, "unknown ca")]
    public void An_alert_about_the_certificate_names_it_and_the_remedy(int alert, string name)
    {
        var reason = HandshakeFaults.Reason(new AuthenticationException("see inner exception", new OpenSslFault(1000 + alert)), "/d/tls/cert.pem", isFromStart: true);
        Assert.StartsWith($"the client does not trust the certificate (its alert: {name}); give it /d/tls/cert.pem to trust", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(258, "before 1.2")]
    [InlineData(193, "no cipher in common")]
    [InlineData(244, "of OpenSSL")]
    public void Other_faults_are_told_apart(int number, string words) =>
        Assert.Contains(words, HandshakeFaults.Reason(new AuthenticationException("see inner exception", new OpenSslFault(number)), "cert.pem", isFromStart: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("EHLO client.test\r\n", "the client speaks plain text where TLS comes first; choose SSL/TLS in it, or name this endpoint without /tls")]
    [InlineData("", "the client hung up, as programs do that do not trust the certificate; give it ")]
    [InlineData("\u0016\u0003\u0001", "the client hung up")]
    public async Task What_is_no_handshake_is_told_with_the_remedy(string octets, string reason)
    {
        using var socket = await ConnectAsync(0);
        await socket.SendAsync(Encoding.Latin1.GetBytes(octets));
        socket.Shutdown(SocketShutdown.Send);

        Assert.Contains(reason, await _log.NextAsync("TLS handshake"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_behind_STARTTLS_is_told_too()
    {
        using var socket = await ConnectAsync(1);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("EHLO a.test\r\nSTARTTLS\r\n"));
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync().WaitAsync(_hang) is { } line && !line.StartsWith("220 2.0.0", StringComparison.Ordinal))
        {
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes("EHLO a.test\r\n"));

        Assert.Contains("behind the go-ahead is no TLS", await _log.NextAsync("TLS handshake"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_looks_at_the_certificate_behind_the_handshake_is_told_too()
    {
        using (var socket = await ConnectAsync(0))
        {
            await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => false);
            await Assert.ThrowsAsync<AuthenticationException>(() => tls.AuthenticateAsClientAsync("localhost"));
        }

        Assert.Contains(Path.Combine(_data.FullName, "tls", "cert.pem"), await _log.NextAsync("TLS handshake"), StringComparison.Ordinal);
    }

    public void Dispose() => _log.Dispose();

    private async Task<Socket> ConnectAsync(int endPoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_servers!.SmtpEndPoints[endPoint]);
        return socket;
    }

    // What the library throws for an error of OpenSSL, with its number.
    private sealed class OpenSslFault : Exception
    {
        public OpenSslFault(int number)
            : base("a message of OpenSSL") => HResult = (20 << 23) | number;
    }
}
