using MailServer.Core.Accounts;
using MailServer.Testing.Hosting;

namespace MailServer.Transcripts;

/// <summary>Speaks to the whole program over TCP, in clear or under TLS, with its store on disk.</summary>
public sealed class SocketPlayer : Player
{
    private readonly TestServer _server;
    private readonly TranscriptProtocol _protocol;
    private readonly bool _isEncrypted;

    private SocketPlayer(TestServer server, TranscriptProtocol protocol, bool isEncrypted) => (_server, _protocol, _isEncrypted) = (server, protocol, isEncrypted);

    public static async Task<SocketPlayer> StartAsync(Transcript transcript, bool isEncrypted)
    {
        var givens = transcript.Givens;
        var server = await TestServer.StartAsync(settings => settings with
        {
            Hostname = Givens.Hostname,
            MachineName = Givens.MachineName,
            Domains = givens.Domains,
            Registration = givens.Registration,
            Pop3Listing = givens.Listing,
            BareLineFeed = givens.BareLineFeed,
            AuthWithoutTls = givens.AuthWithoutTls,
            StartTls = givens.StartTls,
            CatchAll = givens.CatchAll,
            BcryptCost = 4,
            Limits = givens.Limits,
        });
        var hasher = new BcryptPasswordHasher(server.Settings.BcryptCost);
        foreach (var (name, password) in givens.Accounts)
            await server.AddAccountAsync(name, password is null ? null : hasher.Hash(password));
        foreach (var alias in givens.Aliases)
            await server.SetAliasAsync(alias);
        foreach (var message in givens.Messages)
            await server.DeliverAsync(message.Account, message.Octets);
        return new(server, transcript.Protocol, isEncrypted);
    }

    public override async Task<PlayedClient> ConnectAsync()
    {
        var isSmtp = _protocol == TranscriptProtocol.Smtp;
        var endPoint = _isEncrypted ? (isSmtp ? _server.SmtpTls : _server.Pop3Tls) : isSmtp ? _server.Smtp : _server.Pop3;
        var client = new SocketClient(await MailTestClient.ConnectAsync(endPoint), _server);
        if (_isEncrypted)
            await client.StartTlsAsync();
        return client;
    }

    public override Task DeliverAsync(GivenMessage message) => _server.DeliverAsync(message.Account, message.Octets);

    public override Task<IReadOnlyList<byte[]>?> MessagesOfAsync(AccountName name) => _server.MessagesOfAsync(name);

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}

internal sealed class SocketClient(MailTestClient client, TestServer server) : PlayedClient
{
    private bool _isGone;

    public override byte[] Unread => client.Unread.ToArray();

    public override Task StartTlsAsync() => client.StartTlsAsync(server.Certificate);

    // The server may have closed; what it said before that can still be read.
    public override Task SendAsync(ReadOnlyMemory<byte> octets) => client.SendAsync(octets);

    public override Task<byte[]?> ReadLineAsync() => client.ReadCrlfLineAsync();

    public override async Task<bool> IsClosedAsync()
    {
        await client.ReceiveToEndAsync();
        return true;
    }

    public override Task HangUpAsync()
    {
        _isGone = true;
        client.Reset();
        return Task.CompletedTask;
    }

    public override async Task<byte[]> FinishAsync()
    {
        if (!_isGone)
        {
            client.EndSending();
            await client.ReceiveToEndAsync();
        }

        return Unread;
    }

    public override ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
