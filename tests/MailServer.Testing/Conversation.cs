using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Pop3;
using MailServer.Core.Routing;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;
using MailServer.Core.Wire;

namespace MailServer.Testing;

/// <summary>
/// A session on an in-memory store, spoken to in lines. Its limits are the server's own unless a test says otherwise, and it does
/// without STARTTLS unless a test wants it: only a connection can carry out a handshake.
/// </summary>
public sealed class Conversation : ISessionObserver
{
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 0));

    private Conversation(
        Func<SessionServices, ISessionObserver, IProtocolSession> create, MailLimits? limits, StartTlsPolicy startTls, Pop3Listing listing = Pop3Listing.Standard)
    {
        limits ??= new();
        Store = new InMemoryStore();
        var verifier = new PasswordVerifier(new PlainPasswordHasher(), Clock);
        Session = create(
            new SessionServices
            {
                Identity = new("mail.test", ["mail.test", "localhost"], "labpc"),
                Limits = limits,
                Accounts = new(Store, verifier, RegistrationPolicy.Local),
                StartTls = startTls,
                Throttle = new(Clock, limits.FailedLoginsPerAddress),
                Mail = Store,
                Clock = Clock,
                Pop3Listing = listing,
            },
            this);
        Session.Start(_output.Writer);
    }

    public InMemoryStore Store { get; }

    public ManualTimeProvider Clock { get; } = new();

    public IProtocolSession Session { get; }

    /// <summary>Whether lines and states are reported, as they are without a test's word.</summary>
    public bool WantsLines { get; set; } = true;

    /// <summary>Everything that was observed, in order, each behind the word of its kind.</summary>
    public List<string> Observed { get; } = [];

    /// <param name="router">Where addresses lead; null for the accounts here.</param>
    public static Conversation Smtp(
        bool isEncrypted = false, MailLimits? limits = null, StartTlsPolicy startTls = StartTlsPolicy.Never, IRecipientRouter? router = null) =>
        new((services, observer) => new SmtpSession(router is null ? services : services with { Router = router }, new Peer(IPAddress.Loopback, isEncrypted), observer), limits, startTls);

    public static Conversation Pop3(
        Pop3Listing listing = Pop3Listing.Standard, MailLimits? limits = null, StartTlsPolicy startTls = StartTlsPolicy.Never) =>
        new((services, observer) => new Pop3Session(services, new Peer(IPAddress.Loopback), observer), limits, startTls, listing);

    public async Task AddAccountAsync(string name, string? password) =>
        await Store.AddAsync(AccountName.TryParse(name)!, password is null ? null : new PlainPasswordHasher().Hash(password), default);

    /// <summary>Adds an account with messages in its mailbox, which are what the texts say.</summary>
    public async Task AddMessagesAsync(string name, string? password, params string[] texts)
    {
        await AddAccountAsync(name, password);
        var account = await Store.FindAsync(AccountName.TryParse(name)!, default);
        foreach (var text in texts)
        {
            await using var writer = Store.Begin(new Envelope(null, [account!], Clock.GetUtcNow()));
            writer.Write(Encoding.Latin1.GetBytes(text));
            await writer.CommitAsync(default);
        }
    }

    /// <summary>Says lines, each ended by CRLF, and returns what the session answered to the last.</summary>
    public async Task<string> SayAsync(params string[] lines)
    {
        var answer = "";
        foreach (var line in lines)
            answer = await SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        return answer;
    }

    /// <summary>Sends octets in one piece, and returns what the session answered; a wait of the session's is over at once.</summary>
    public async Task<string> SendAsync(byte[] octets)
    {
        var input = new ReadOnlySequence<byte>(octets);
        await TakeOutputAsync();
        while (!input.IsEmpty && Session.Wants == SessionWants.Input)
        {
            var call = Session.ReceiveAsync(input, _output.Writer, default).AsTask();
            // A failed login waits on the clock; anything else that takes time is real work.
            while (!call.IsCompleted)
            {
                if (Clock.NextTimerDue is { } due)
                    Clock.Advance(due);
                await Task.Yield();
            }

            var next = input.Slice(await call);
            if (next.Length == input.Length)
                break;
            input = next;
        }

        return await TakeOutputAsync();
    }

    public void LineReceived(string line) => Observed.Add($"received {line}");

    public void LineSent(string line) => Observed.Add($"sent {line}");

    public void StateEntered(string state) => Observed.Add($"state {state}");

    public void Refused(string verb, string status, string reply) => Observed.Add($"refused {verb} {reply}");

    public void LoggedIn(string account) => Observed.Add($"login {account}");

    public void LoginRefused(string account) => Observed.Add($"no-login {account}");

    public void AccountCreated(string account) => Observed.Add($"created {account}");

    public void MessageStored(string id, string reversePath, IEnumerable<AccountName> recipients, long octets, AccountName? account) =>
        Observed.Add($"stored from {reversePath} for {string.Join(' ', recipients)}, {octets} octets, by {account?.Text ?? "nobody"}");

    public void MessageBrokenOff(string id, string reversePath, long octets) => Observed.Add($"broken off after {octets} octets from <{reversePath}>");

    public void MessageRetrieved(long octets) => Observed.Add($"retrieved {octets} octets");

    public void MessagesDeleted(int count) => Observed.Add($"deleted {count}");

    public void StoreFailed(Exception fault) => Observed.Add($"fault {fault.Message}");

    /// <summary>What was observed of one kind: its text behind the kind's word.</summary>
    public IEnumerable<string> ObservedAs(string kind) =>
        Observed.Where(text => text.StartsWith($"{kind} ", StringComparison.Ordinal)).Select(text => text[(kind.Length + 1)..]);

    /// <summary>Does something to the session that is no line, and returns what it said.</summary>
    public Task<string> HearAsync(Action<PipeWriter> act)
    {
        act(_output.Writer);
        return TakeOutputAsync();
    }

    private async Task<string> TakeOutputAsync()
    {
        await _output.Writer.FlushAsync();
        if (!_output.Reader.TryRead(out var read))
            return "";
        var text = Encoding.Latin1.GetString(read.Buffer.ToArray());
        _output.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
