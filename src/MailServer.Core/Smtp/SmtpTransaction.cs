using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp;

/// <summary>One message on its way: from MAIL to the end of its data, or to RSET (RFC 5321 3.3).</summary>
/// <param name="reversePath">The sender's address, empty for the null reverse path.</param>
/// <param name="parameters">What MAIL said besides.</param>
public sealed class SmtpTransaction(string reversePath, MailParameters parameters) : IAsyncDisposable
{
    private readonly List<Recipient> _recipients = [];

    // An alias counts once, whoever gets its mail.
    private int _named;

    public string ReversePath { get; } = reversePath;

    public MailParameters Parameters { get; } = parameters;

    /// <summary>Whom the message is for, each mailbox once.</summary>
    public IReadOnlyList<Recipient> Recipients => _recipients;

    /// <summary>The accounts that get the message; none before its data comes.</summary>
    public IReadOnlyList<Account> Accounts { get; private set; } = [];

    /// <summary>What receives the message's data; null before DATA or BDAT.</summary>
    public MessageReceiver? Receiver { get; private set; }

    /// <summary>Makes lines of the chunks that the text comes in.</summary>
    internal ChunkDecoder Chunks => field ??= new();

    /// <summary>Adds whom a RCPT leads to, unless they are recipients already: a mailbox named twice gets one copy.</summary>
    /// <param name="recipients">One, or those of an alias.</param>
    /// <param name="limit">RCPTs for others than before that a message may have.</param>
    /// <returns>False when there are too many.</returns>
    public bool TryAdd(ReadOnlySpan<Recipient> recipients, int limit)
    {
        var before = _recipients.Count;
        foreach (var recipient in recipients)
        {
            if (IsRecipient(recipient))
                continue;
            if (_named >= limit)
                return false;
            _recipients.Add(recipient);
        }

        if (_recipients.Count > before)
            _named++;
        return true;
    }

    /// <summary>What receives the message's data. Made at the first call, which begins a message in the store and writes its Received field.</summary>
    /// <exception cref="StoreFault">The store cannot begin a message.</exception>
    public MessageReceiver Receive(SmtpSession session)
    {
        if (Receiver is not null)
            return Receiver;
        var services = session.Services;
        var id = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8));
        Accounts = _recipients.ConvertAll(AccountOf);
        var envelope = new Envelope(ReversePath, Accounts, services.Clock.GetUtcNow()) { MailboxSize = services.Limits.MailboxSize };
        var received = ReceivedField.Format(
            new Arrival(session.HeloWord, session.Peer.Address, ProtocolName(session), id),
            envelope.ReceivedAt,
            services.Identity.Hostname,
            _recipients is [var only] ? only.Path.ToString() : null);
        Receiver = new(services.Mail.Begin(envelope), id, received, services.Limits, services.BareLineFeed);
        return Receiver;
    }

    public ValueTask DisposeAsync() => Receiver?.DisposeAsync() ?? ValueTask.CompletedTask;

    // A 250 for a recipient that nothing is sent to would lose his mail.
    private static Account AccountOf(Recipient recipient) =>
        recipient is Recipient.Local local ? local.Account : throw new NotSupportedException("Nothing sends mail on to other servers yet.");

    private bool IsRecipient(Recipient recipient)
    {
        foreach (var other in _recipients)
        {
            if (AreSame(other, recipient))
                return true;
        }

        return false;
    }

    private static bool AreSame(Recipient one, Recipient other) => (one, other) switch
    {
        (Recipient.Local mine, Recipient.Local yours) => mine.Account.Id == yours.Account.Id,
        (Recipient.Remote, Recipient.Remote) => one.Path == other.Path,
        _ => false,
    };

    // The names that RFC 3848 and RFC 6531 4.3 registered; plain SMTP has none with S or A.
    private string ProtocolName(SmtpSession session) =>
        !session.IsExtended
            ? "SMTP"
            : (Parameters.IsInternational ? "UTF8SMTP" : "ESMTP") + (session.IsEncrypted ? "S" : "") + (session.Account is null ? "" : "A");
}
