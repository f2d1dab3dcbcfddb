using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Pop3;
using MailServer.Core.Routing;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;
using MailServer.Testing;

namespace MailServer.Transcripts;

/// <summary>The order of commands that sessions follow; null for the server's own.</summary>
public sealed record Tables(CommandTable<SmtpCommand, SmtpState>? Smtp = null, CommandTable<Pop3Command, Pop3State>? Pop3 = null);

/// <summary>Feeds sessions without a socket, as a connection does: what they leave is presented again with more behind it.</summary>
public sealed class DirectPlayer : Player
{
    private readonly Transcript _transcript;
    private readonly Slicing _slicing;
    private readonly InMemoryStore _store = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly PasswordVerifier _passwords;
    private readonly SessionServices _services;
    private readonly List<DirectClient> _clients = [];
    private readonly List<string> _replies = [];
    private readonly Tables _tables;

    private DirectPlayer(Transcript transcript, Slicing slicing, Tables tables)
    {
        var givens = transcript.Givens;
        (_transcript, _slicing, _tables) = (transcript, slicing, tables);
        _passwords = new(new PlainPasswordHasher(), _clock);
        var identity = new ServerIdentity(Givens.Hostname, givens.Domains, Givens.MachineName);
        var accounts = new AccountDirectory(_store, _passwords, givens.Registration);
        _services = new()
        {
            Identity = identity,
            Limits = givens.Limits,
            Accounts = accounts,
            Router = new LocalRouter(identity, accounts, givens.CatchAll),
            Mail = _store,
            Clock = _clock,
            Throttle = new(_clock, givens.Limits.FailedLoginsPerAddress),
            BareLineFeed = givens.BareLineFeed,
            Pop3Listing = givens.Listing,
            AuthWithoutTls = givens.AuthWithoutTls,
            StartTls = givens.StartTls,
            IsCertificateOurs = true,
        };
    }

    /// <summary>Every line of a reply so far, but for the rows of multi-line POP3 answers.</summary>
    public IReadOnlyList<string> Replies => _replies;

    /// <param name="tables">The order of commands, where it is another than the server's.</param>
    public static async Task<DirectPlayer> StartAsync(Transcript transcript, Slicing slicing, Tables? tables = null)
    {
        var player = new DirectPlayer(transcript, slicing, tables ?? new());
        foreach (var (name, password) in transcript.Givens.Accounts)
            _ = await player._services.Accounts.CreateAsync(name, password, CancellationToken.None);
        foreach (var alias in transcript.Givens.Aliases)
            await player._store.SetAliasAsync(alias, CancellationToken.None);
        foreach (var message in transcript.Givens.Messages)
            await player.DeliverAsync(message);
        return player;
    }

    public override async Task<PlayedClient> ConnectAsync()
    {
        IProtocolSession session = _transcript.Protocol == TranscriptProtocol.Smtp
            ? new SmtpSession(_services, _transcript.Givens.Peer, new ReplyListener(_replies), _tables.Smtp)
            : new Pop3Session(_services, _transcript.Givens.Peer, new ReplyListener(_replies), _tables.Pop3);
        var client = new DirectClient(session, _clock, _slicing);
        _clients.Add(client);
        await client.StartAsync();
        return client;
    }

    public override async Task AdvanceAsync(TimeSpan time)
    {
        var end = _clock.UtcNow + time;
        while (_clients.Where(client => client.IsOpen && client.Deadline <= end).MinBy(client => client.Deadline) is { } late)
        {
            _clock.Advance(late.Deadline - _clock.UtcNow);
            await late.TimeOutAsync();
        }

        _clock.Advance(end - _clock.UtcNow);
    }

    public override void SetFault(string operation, Exception? fault) => _store.Fault = asked => asked == operation ? fault : null;

    public override async Task StopAsync()
    {
        foreach (var client in _clients.Where(client => client.IsOpen))
            await client.ShutDownAsync();
    }

    public override async Task DeliverAsync(GivenMessage message)
    {
        var account = await _store.FindAsync(message.Account, CancellationToken.None)
            ?? throw new FormatException($"{_transcript.File}: there is no account {message.Account}");
        await using var writer = _store.Begin(new Envelope(null, [account], _clock.UtcNow));
        writer.Write(message.Octets);
        await writer.CommitAsync(CancellationToken.None);
    }

    public override async Task<IReadOnlyList<byte[]>?> MessagesOfAsync(AccountName name)
    {
        var fault = _store.Fault;
        _store.Fault = null;
        var account = await _store.FindAsync(name, CancellationToken.None);
        _store.Fault = fault;
        return account is null ? null : _store.MessagesOf(name);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        _passwords.Dispose();
    }
}

internal sealed class DirectClient(IProtocolSession session, ManualTimeProvider clock, Slicing slicing) : PlayedClient
{
    private const int MaxWaiting = 100;

    private readonly MemoryStream _said = new();
    private readonly List<ReadOnlyMemory<byte>> _waiting = [];
    private PipeWriter? _output;
    private int _read;
    private long _progress = -1;
    private bool _isGone;

    /// <summary>When the server loses patience.</summary>
    public DateTimeOffset Deadline { get; private set; }

    public IProtocolSession Session => session;

    public bool IsOpen => !_isGone && session.Wants != SessionWants.Close;

    public override byte[] Unread => _said.GetBuffer().AsSpan(_read, (int)_said.Length - _read).ToArray();

    private PipeWriter Output => _output ??= PipeWriter.Create(_said, new(leaveOpen: true));

    public async Task StartAsync()
    {
        session.Start(Output);
        await FlushAsync();
    }

    public override async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        while (octets.Length > 0 && IsOpen)
        {
            var length = slicing.Next(octets.Length);
            _waiting.Add(octets[..length]);
            octets = octets[length..];
            await FeedAsync();
        }

        await FlushAsync();
        // What came in clear behind the command that starts TLS ends the session, as ConnectionLoop has it.
        if (session.Wants == SessionWants.TlsHandshake && _waiting.Count > 0)
            await HangUpAsync();
    }

    public override async Task StartTlsAsync()
    {
        if (_isGone || session.Wants != SessionWants.TlsHandshake)
            throw new InvalidOperationException("The server has not agreed to a TLS handshake");
        session.OnTlsStarted();
        await FlushAsync();
    }

    public override Task<byte[]?> ReadLineAsync()
    {
        var unread = Unread.AsSpan();
        var length = unread.IndexOf("\r\n"u8);
        _read += length < 0 ? 0 : length + 2;
        return Task.FromResult(length < 0 ? null : unread[..length].ToArray());
    }

    public override Task<bool> IsClosedAsync() => Task.FromResult(!IsOpen);

    public override async Task HangUpAsync()
    {
        if (_isGone)
            return;
        _isGone = true;
        await session.DisposeAsync();
    }

    public override async Task<byte[]> FinishAsync()
    {
        await HangUpAsync();
        return Unread;
    }

    public async Task ShutDownAsync()
    {
        session.OnShutdown(Output);
        await FlushAsync();
    }

    public async Task TimeOutAsync()
    {
        session.OnTimeout(Output);
        await FlushAsync();
        if (IsOpen)
            throw new InvalidOperationException("The session went on after its time was up");
    }

    public override async ValueTask DisposeAsync() => await HangUpAsync();

    private async Task FeedAsync()
    {
        while (_waiting.Count > 0 && !_isGone && session.Wants == SessionWants.Input)
        {
            var input = Slice.Join(_waiting);
            var used = input.Slice(0, await ReceiveAsync(input)).Length;
            Drop(used);
            if (used > 0)
                continue;
            if (_waiting.Count >= MaxWaiting)
                Gather();
            return;
        }
    }

    // A long line sent octet by octet would be a sequence of as many segments, walked again for each octet.
    private void Gather()
    {
        var octets = Slice.Join(_waiting).ToArray();
        _waiting.Clear();
        _waiting.Add(octets);
    }

    private async Task<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input)
    {
        try
        {
            return await WithTimersAsync(session.ReceiveAsync(input, Output, CancellationToken.None).AsTask());
        }
        catch (BrokenStore)
        {
            // A fault of ours is answered and ends the session.
            session.OnFault(Output);
            return input.Start;
        }
    }

    private void Drop(long used)
    {
        while (used > 0)
        {
            var whole = used >= _waiting[0].Length;
            used -= whole ? _waiting[0].Length : 0;
            if (whole)
            {
                _waiting.RemoveAt(0);
                continue;
            }

            _waiting[0] = _waiting[0][(int)used..];
            return;
        }
    }

    // A session that waits for the clock (after a failed login) is given its time at once.
    private async Task<SequencePosition> WithTimersAsync(Task<SequencePosition> receiving)
    {
        while (!receiving.IsCompleted)
        {
            var timerSet = clock.NextTimerSet;
            if (clock.NextTimerDue is { } due)
                clock.Advance(due);
            else
                await Task.WhenAny(receiving, timerSet).WaitAsync(HangGuard.Limit);
        }

        return await receiving;
    }

    private async Task FlushAsync()
    {
        await Output.FlushAsync();
        if (session.Progress == _progress)
            return;
        _progress = session.Progress;
        Deadline = clock.UtcNow + session.Patience;
    }
}
