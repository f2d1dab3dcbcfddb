using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Settings;
using MailServer.Storage.Sqlite;
using MailServer.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailServer.Transcripts;

/// <summary>Speaks to the whole program over TCP, in clear or under TLS, with its store on disk.</summary>
public sealed class SocketPlayer : Player
{
    private readonly DirectoryInfo _data;
    private readonly Composition _servers;
    private readonly SqliteStore _store;
    private readonly IPEndPoint _endPoint;
    private readonly X509Certificate2 _certificate;
    private readonly bool _isEncrypted;

    private SocketPlayer(DirectoryInfo data, Composition servers, Transcript transcript, bool isEncrypted)
    {
        (_data, _servers, _isEncrypted) = (data, servers, isEncrypted);
        _certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(data.FullName, "tls", "cert.pem"));
        _store = SqliteStore.Open(data.FullName);
        _endPoint = (transcript.Protocol == TranscriptProtocol.Smtp ? servers.SmtpEndPoints : servers.Pop3EndPoints)[0];
    }

    public static async Task<SocketPlayer> StartAsync(Transcript transcript, bool isEncrypted)
    {
        var givens = transcript.Givens;
        var data = Directory.CreateTempSubdirectory("mailserver-transcript-");
        var endPoint = EndPointText.Parse(isEncrypted ? "127.0.0.1:0/tls" : "127.0.0.1:0");
        var settings = new ServerSettings
        {
            DataDirectory = data.FullName,
            Hostname = Givens.Hostname,
            MachineName = Givens.MachineName,
            Domains = givens.Domains,
            Smtp = [endPoint],
            Pop3 = [endPoint],
            Registration = givens.Registration,
            Pop3Listing = givens.Listing,
            BareLineFeed = givens.BareLineFeed,
            AuthWithoutTls = givens.AuthWithoutTls,
            StartTls = givens.StartTls,
            CatchAll = givens.CatchAll,
            BcryptCost = 4,
            Limits = givens.Limits,
        };
        var player = new SocketPlayer(
            data, await Composition.StartAsync(settings, TimeProvider.System, NullLoggerFactory.Instance), transcript, isEncrypted);
        var hasher = new BcryptPasswordHasher(settings.BcryptCost);
        foreach (var (name, password) in givens.Accounts)
            await player._store.Accounts.AddAsync(name, password is null ? null : hasher.Hash(password), CancellationToken.None);
        foreach (var message in givens.Messages)
            await player.DeliverAsync(message);
        return player;
    }

    public override async Task<PlayedClient> ConnectAsync() => await SocketClient.ConnectAsync(_endPoint, _certificate, _isEncrypted);

    public override async Task DeliverAsync(GivenMessage message)
    {
        var account = await _store.Accounts.FindAsync(message.Account, CancellationToken.None);
        await using var writer = _store.Mail.Begin(new Envelope("sender@client.test", [account!], TimeProvider.System.GetUtcNow()));
        writer.Write(message.Octets);
        await writer.CommitAsync(CancellationToken.None);
    }

    public override async Task<IReadOnlyList<byte[]>?> MessagesOfAsync(AccountName name)
    {
        if (await _store.Accounts.FindAsync(name, CancellationToken.None) is not { } account)
            return null;
        await using var maildrop = await _store.Mail.OpenMaildropAsync(account, CancellationToken.None);
        var messages = new List<byte[]>();
        for (var i = 0; i < maildrop!.Entries.Count; i++)
        {
            var octets = new byte[maildrop.Entries[i].Octets];
            for (var read = 0; read < octets.Length;)
                read += await maildrop.ReadAsync(i, read, octets.AsMemory(read), CancellationToken.None);
            messages.Add(octets);
        }

        return messages;
    }

    public override async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        await _store.DisposeAsync();
        _certificate.Dispose();
        _data.Delete(recursive: true);
    }
}

internal sealed class SocketClient : PlayedClient
{
    private readonly Socket _socket;
    private readonly X509Certificate2 _certificate;
    private readonly List<byte> _unread = [];
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream _stream;

    private SocketClient(Socket socket, X509Certificate2 certificate)
    {
        (_socket, _certificate) = (socket, certificate);
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public override byte[] Unread => [.. _unread];

    public static async Task<SocketClient> ConnectAsync(IPEndPoint endPoint, X509Certificate2 certificate, bool isEncrypted)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        var client = new SocketClient(socket, certificate);
        if (isEncrypted)
            await client.StartTlsAsync();
        return client;
    }

    public override async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Givens.Hostname,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetRawCertData().AsSpan().SequenceEqual(_certificate.RawData) ?? false,
        }).WaitAsync(HangGuard.Limit);
        _stream = tls;
    }

    public override async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            await _stream.WriteAsync(octets).AsTask().WaitAsync(HangGuard.Limit);
        }
        catch (IOException)
        {
            // The server has closed; what it said before that can still be read.
        }
    }

    public override async Task<byte[]?> ReadLineAsync()
    {
        while (true)
        {
            var end = CollectionsMarshal.AsSpan(_unread).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = _unread.GetRange(0, end).ToArray();
                _unread.RemoveRange(0, end + 2);
                return line;
            }

            if (!await ReceiveAsync())
                return null;
        }
    }

    public override async Task<bool> IsClosedAsync()
    {
        while (await ReceiveAsync())
        {
            // What comes before the end is looked at by whoever asks for it.
        }

        return true;
    }

    public override Task HangUpAsync()
    {
        _socket.Close(timeout: 0);
        return Task.CompletedTask;
    }

    public override async Task<byte[]> FinishAsync()
    {
        if (_socket.Connected)
        {
            _socket.Shutdown(SocketShutdown.Send);
            await IsClosedAsync();
        }

        return Unread;
    }

    public override ValueTask DisposeAsync() => _stream.DisposeAsync();

    // False at the server's end.
    private async Task<bool> ReceiveAsync()
    {
        try
        {
            var length = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(HangGuard.Limit);
            _unread.AddRange(_buffer.AsSpan(0, length));
            return length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
