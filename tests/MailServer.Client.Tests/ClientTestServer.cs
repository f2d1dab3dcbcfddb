using MailClient.Net;
using MailServer.Core.Sessions;
using MailServer.Testing.Hosting;

namespace MailServer.Client.Tests;

/// <summary>Both servers as they are, in clear and under TLS, on ports that were free; and a folder for what a client remembers.</summary>
public sealed class ClientTestServer : IAsyncLifetime
{
    public const string Password = "pass word ü";

    private TestServer _server = null!;
    private int _users;

    internal ServerAddress Smtp => new("127.0.0.1", _server.Smtp.Port);

    internal ServerAddress SmtpTls => new("127.0.0.1", _server.SmtpTls.Port);

    internal ServerAddress Pop3 => new("127.0.0.1", _server.Pop3.Port);

    internal ServerAddress Pop3Tls => new("127.0.0.1", _server.Pop3Tls.Port);

    internal string Fingerprint { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings with { Hostname = "mail.test", StartTls = StartTlsPolicy.Always, BcryptCost = 4 });
        Fingerprint = CertificateTrust.Fingerprint(_server.Certificate);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    internal string NewFolder() => _server.NewFolder();

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
