using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using MailServer.Benchmarks.Load;
using MailServer.Core.Accounts;
using MailServer.Core.Pop3;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;
using MailServer.Core.Wire;
using MailServer.Testing;

namespace MailServer.Benchmarks.Micro;

/// <summary>Whole conversations with the sessions themselves: no socket, and a store that keeps nothing or all in memory.</summary>
[MemoryDiagnoser]
public class Dialogues : IAsyncDisposable
{
    private const string Name = "somebody";

    private readonly PipeWriter _output = PipeWriter.Create(Stream.Null);
    private readonly ReadOnlySequence<byte> _greeting = Octets("EHLO load.example.org\r\n");
    private readonly ReadOnlySequence<byte> _envelope = Octets($"MAIL FROM:<load@example.org>\r\nRCPT TO:<{Name}@localhost>\r\nDATA\r\n");
    private readonly ReadOnlySequence<byte> _text = new(SampleText.WithDot(SampleText.OfSize(1024)));
    private readonly ReadOnlySequence<byte> _retr = Octets("RETR 1\r\n");
    private readonly ReadOnlySequence<byte> _login = Octets($"USER {Name}\r\n");

    private SessionServices _services = null!;
    private SmtpSession _smtp = null!;
    private Pop3Session _pop3 = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        var store = new InMemoryStore();
        await store.AddAsync(AccountName.TryParse(Name)!, null, default);
        _services = new SessionServices
        {
            Identity = new("mail.test", ["mail.test", "localhost"], "labpc"),
            Limits = new(),
            Accounts = new(store, new PasswordVerifier(new PlainPasswordHasher(), TimeProvider.System), RegistrationPolicy.Local),
            Throttle = new(TimeProvider.System, limit: 20),
            Mail = store,
            Clock = TimeProvider.System,
        };
        await FeedAsync(NewSmtp(), _greeting, _envelope, _text);
        _pop3 = new Pop3Session(_services, new Peer(IPAddress.Loopback), SilentObserver.Instance);
        await FeedAsync(_pop3, _login);

        // From here on what is delivered is dropped, or the benchmark would fill the memory.
        _services = _services with { Mail = new NullMailStore() };
        _smtp = NewSmtp();
        await FeedAsync(_smtp, _greeting);
    }

    [Benchmark(Description = "a message of 1 KB in a session")]
    public Task Message() => FeedAsync(_smtp, _envelope, _text);

    [Benchmark(Description = "a session with a message of 1 KB")]
    public async Task Session()
    {
        await using var session = NewSmtp();
        session.Start(_output);
        await FeedAsync(session, _greeting, _envelope, _text);
    }

    [Benchmark(Description = "RETR of 1 KB")]
    public Task Retr() => FeedAsync(_pop3, _retr);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _smtp.DisposeAsync();
        await _pop3.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static ReadOnlySequence<byte> Octets(string text) => new(Encoding.ASCII.GetBytes(text));

    private SmtpSession NewSmtp() => new(_services, new Peer(IPAddress.Loopback), SilentObserver.Instance);

    // As the connection does: until all is used, then one flush.
    private async Task FeedAsync(IProtocolSession session, params ReadOnlySequence<byte>[] batches)
    {
        foreach (var batch in batches)
        {
            var input = batch;
            while (!input.IsEmpty)
                input = input.Slice(await session.ReceiveAsync(input, _output, default));
            await _output.FlushAsync();
        }
    }
}
