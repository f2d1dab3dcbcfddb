using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Settings;
using MailServer.Storage.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailServer.Testing.Hosting;

/// <summary>
/// The whole program in this process, as <see cref="Composition"/> puts it together: both servers on loopback and on ports that were
/// free, in clear and under TLS, over a store in a folder of its own that goes with it. Clients can connect once it is started.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private SqliteStorage? _store;
    private X509Certificate2? _certificate;
    private int _folders;
    private bool _isStopped;

    private TestServer(DirectoryInfo folder, ServerSettings settings, Composition servers) => (_folder, Settings, Servers) = (folder, settings, servers);

    public ServerSettings Settings { get; }

    public Composition Servers { get; }

    public IPEndPoint Smtp => Servers.SmtpEndPoints[0];

    public IPEndPoint SmtpTls => Servers.SmtpEndPoints[1];

    public IPEndPoint Pop3 => Servers.Pop3EndPoints[0];

    public IPEndPoint Pop3Tls => Servers.Pop3EndPoints[1];

    /// <summary>The certificate that the server made for itself, as a file and as an object that the server owns.</summary>
    public string CertificateFile => Path.Combine(Settings.DataDirectory, "tls", "cert.pem");

    /// <inheritdoc cref="CertificateFile"/>
    public X509Certificate2 Certificate => _certificate ??= X509CertificateLoader.LoadCertificateFromFile(CertificateFile);

    /// <param name="choose">What the test chooses beyond where the server listens and keeps its files.</param>
    /// <param name="loggers">Where it logs; nowhere without them.</param>
    /// <param name="clock">The system's without one.</param>
    public static async Task<TestServer> StartAsync(
        Func<ServerSettings, ServerSettings>? choose = null, ILoggerFactory? loggers = null, TimeProvider? clock = null)
    {
        var folder = Directory.CreateTempSubdirectory("mailserver-test-");
        try
        {
            EndPointText[] endPoints = [EndPointText.Parse("127.0.0.1:0"), EndPointText.Parse("127.0.0.1:0/tls")];
            var settings = new ServerSettings { DataDirectory = Path.Combine(folder.FullName, "data"), Smtp = endPoints, Pop3 = endPoints };
            settings = choose?.Invoke(settings) ?? settings;
            return new(folder, settings, await Composition.StartAsync(settings, clock ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Makes a folder for the files of a client; it goes with the server.</summary>
    public string NewFolder() => _folder.CreateSubdirectory($"client{Interlocked.Increment(ref _folders)}").FullName;

    /// <summary>Makes an account in the store, past both servers.</summary>
    /// <param name="passwordHash">Null for an account without a password.</param>
    public async Task AddAccountAsync(AccountName name, string? passwordHash = null) =>
        await Store().Accounts.AddAsync(name, passwordHash, CancellationToken.None);

    /// <summary>Makes an alias in the store, past both servers.</summary>
    public async Task SetAliasAsync(Alias alias) => await Store().Accounts.SetAliasAsync(alias, CancellationToken.None);

    /// <summary>Puts a message into a mailbox, past both servers.</summary>
    public async Task DeliverAsync(AccountName name, byte[] message)
    {
        var account = await Store().Accounts.FindAsync(name, CancellationToken.None) ?? throw new ArgumentException($"There is no account {name}", nameof(name));
        await using var writer = Store().Mail.Begin(new Envelope(null, [account], TimeProvider.System.GetUtcNow()));
        writer.Write(message);
        await writer.CommitAsync(CancellationToken.None);
    }

    /// <summary>The messages of an account as they lie there, oldest first; null when there is no such account. The mailbox must be free.</summary>
    public async Task<IReadOnlyList<byte[]>?> MessagesOfAsync(AccountName name)
    {
        if (await Store().Accounts.FindAsync(name, CancellationToken.None) is not { } account)
            return null;
        await using var maildrop = await Store().Mail.OpenMaildropAsync(account, CancellationToken.None)
            ?? throw new InvalidOperationException($"The mailbox of {name} is in use");
        var messages = new List<byte[]>();
        for (var i = 0; i < maildrop.Entries.Count; i++)
        {
            var octets = new byte[maildrop.Entries[i].Octets];
            for (var read = 0; read < octets.Length;)
                read += await maildrop.ReadAsync(i, read, octets.AsMemory(read), CancellationToken.None);
            messages.Add(octets);
        }

        return messages;
    }

    /// <summary>Stops both servers in order; its files stay until it is disposed of.</summary>
    public async Task StopAsync()
    {
        if (!_isStopped)
            await Servers.DisposeAsync();
        _isStopped = true;
    }

    /// <summary>Stops both servers in order; its files go.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_store is not null)
            await _store.DisposeAsync();
        _certificate?.Dispose();
        _folder.Delete(recursive: true);
    }

    // Another opening of the same store, as a command has it while the server runs.
    private SqliteStorage Store() => _store ??= SqliteStorage.Open(Settings.DataDirectory);
}
