using MailClient.Net;
using MailServer.Core.Sessions;
using MailServer.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailServer.Client.Tests;

/// <summary>Both servers as they are, in clear and under TLS, on ports that were free; and a folder for what a client remembers.</summary>
public sealed class TestServers : IAsyncLifetime
{
    public const string Password = "pass word ü";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mailclient-test-");
    private Composition _servers = null!;
    private int _users;
    private int _folders;

    internal ServerAddress Smtp => new("127.0.0.1", _servers.SmtpEndPoints[0].Port);

    internal ServerAddress SmtpTls => new("127.0.0.1", _servers.SmtpEndPoints[1].Port);

    internal ServerAddress Pop3 => new("127.0.0.1", _servers.Pop3EndPoints[0].Port);

    internal ServerAddress Pop3Tls => new("127.0.0.1", _servers.Pop3EndPoints[1].Port);

    internal string Fingerprint { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var settings = new ServerSettings
        {
            DataDirectory = Path.Combine(_folder.FullName, "data"),
            Hostname = "mail.test",
            StartTls = StartTlsPolicy.Always,
            Smtp = [EndPointText.Parse("127.0.0.1:0"), EndPointText.Parse("127.0.0.1:0/tls")],
            Pop3 = [EndPointText.Parse("127.0.0.1:0"), EndPointText.Parse("127.0.0.1:0/tls")],
            BcryptCost = 4,
        };
        _servers = await Composition.StartAsync(settings, TimeProvider.System, NullLoggerFactory.Instance);
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(
            Path.Combine(settings.DataDirectory, "tls", "cert.pem"));
        Fingerprint = CertificateTrust.Fingerprint(certificate);
    }

    public async Task DisposeAsync()
    {
        await _servers.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder.FullName, $"f{Interlocked.Increment(ref _folders)}")).FullName;

    /// <summary>Connects as a client that was told the certificate's fingerprint.</summary>
    internal Connector Connector(bool isTls = false) => new(new CertificateTrust(new KnownServers(NewFolder()), [Fingerprint], ask: null), isTls, isInsecure: false);

    /// <summary>A new account with a name of its own and the password.</summary>
    internal async Task<Credentials> NewUserAsync()
    {
        var credentials = new Credentials($"user{Interlocked.Increment(ref _users)}", Password);
        await using var dialogue = await Connector().OpenPop3Async(Pop3, () => credentials);
        await dialogue.QuitAsync();
        return credentials;
    }

    internal async Task SendAsync(Credentials to, string subject, string body, params FileInfo[] attachments)
    {
        await using var dialogue = await Connector().OpenSmtpAsync(Smtp, credentials: null);
        await dialogue.SendAsync(
            new("alice@example.org", [$"{to.User}@mail.test"], subject, body) { Attachments = attachments }, TimeProvider.System, progress: null);
        await dialogue.QuitAsync();
    }
}
