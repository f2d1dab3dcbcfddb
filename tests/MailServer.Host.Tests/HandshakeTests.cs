using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServer.Net;

namespace MailServer.Host.Tests;

/// <summary>TLS handshakes that do not come about: what the log says, and that nobody waits for them.</summary>
public sealed class HandshakeTests : IAsyncLifetime, IDisposable
{
    // Only a broken server makes a test wait this long.
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(20);

    private readonly ListLogger _log = new();
    private TestServer? _server;

    // By this server's clock no time passes.
    public async Task InitializeAsync() => _server = await TestServer.StartAsync(loggers: _log, clock: new ManualTimeProvider());

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    [Fact]
    public async Task A_stop_does_not_wait_for_a_client_that_never_shakes_hands()
    {
        using var silent = await MailTestClient.ConnectAsync(_server!.SmtpTls);
        await _log.NextAsync("connected");
        using var half = await MailTestClient.GreetedAsync(_server.Smtp);
        await half.ExpectAsync("EHLO a.test", "250 ");
        await half.ExpectAsync("STARTTLS", "220 2.0.0");

        await _server.StopAsync().WaitAsync(_hang);

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
        using var client = await MailTestClient.ConnectAsync(_server!.SmtpTls);
        await client.SendAsync(octets);
        client.EndSending();

        Assert.Contains(reason, await _log.NextAsync("TLS handshake"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_behind_STARTTLS_is_told_too()
    {
        using var client = await MailTestClient.GreetedAsync(_server!.Smtp);
        await client.ExpectAsync("EHLO a.test", "250 ");
        await client.ExpectAsync("STARTTLS", "220 2.0.0");

        await client.SendAsync("EHLO a.test\r\n");

        Assert.Contains("behind the go-ahead is no TLS", await _log.NextAsync("TLS handshake"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_looks_at_the_certificate_behind_the_handshake_is_told_too()
    {
        using var stranger = CertificateOfAnother();
        using (var client = await MailTestClient.ConnectAsync(_server!.SmtpTls))
            await Assert.ThrowsAsync<AuthenticationException>(() => client.StartTlsAsync(trusted: stranger));

        Assert.Contains(_server.CertificateFile, await _log.NextAsync("TLS handshake"), StringComparison.Ordinal);
    }

    public void Dispose() => _log.Dispose();

    private static X509Certificate2 CertificateOfAnother()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
    }

    // What the library throws for an error of OpenSSL, with its number.
    private sealed class OpenSslFault : Exception
    {
        public OpenSslFault(int number)
            : base("a message of OpenSSL") => HResult = (20 << 23) | number;
    }
}
