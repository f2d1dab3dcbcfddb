using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp;

/// <summary>One message on its way: from MAIL to the end of the text, or to RSET (RFC 5321 3.3).</summary>
/// <param name="reversePath">The sender's address, empty for the null reverse path.</param>
/// <param name="isInternational">True when MAIL said SMTPUTF8 (RFC 6531 3.4).</param>
public sealed class SmtpTransaction(string reversePath, bool isInternational) : IAsyncDisposable
{
    private readonly List<Account> _recipients = [];

    public string ReversePath { get; } = reversePath;

    public bool IsInternational { get; } = isInternational;

    /// <summary>The accounts that the message is for, each once.</summary>
    public IReadOnlyList<Account> Recipients => _recipients;

    /// <summary>The address that the first recipient was named by.</summary>
    public string FirstForwardPath { get; private set; } = "";

    /// <summary>What receives the message's data; null before DATA or BDAT.</summary>
    public MessageReceiver? Receiver { get; private set; }

    /// <summary>Makes lines of the chunks that the text comes in.</summary>
    internal ChunkDecoder Chunks => field ??= new();

    /// <summary>True when the account is a recipient already: the same mailbox named twice gets one copy.</summary>
    public bool Includes(Account account)
    {
        foreach (var recipient in _recipients)
        {
            if (recipient.Id == account.Id)
                return true;
        }

        return false;
    }

    public void Add(Account account, string forwardPath)
    {
        if (_recipients.Count == 0)
            FirstForwardPath = forwardPath;
        _recipients.Add(account);
    }

    /// <summary>What receives the message's data. Made at the first call, which begins a message in the store and writes its trace header.</summary>
    /// <exception cref="StoreFault">The store cannot begin a message.</exception>
    public MessageReceiver Receive(SmtpSession session)
    {
        if (Receiver is not null)
            return Receiver;
        var services = session.Services;
        var id = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8));
        var envelope = new Envelope(ReversePath, Recipients, services.Clock.GetUtcNow()) { MailboxSize = services.Limits.MailboxSize };
        var header = TraceHeader.Format(
            envelope,
            new Arrival(session.HeloWord, session.Peer.Address, ProtocolName(session), id),
            services.Identity.Hostname,
            Recipients.Count == 1 ? FirstForwardPath : null);
        Receiver = new(services.Mail.Begin(envelope), id, header, services.Limits, services.BareLineFeed);
        return Receiver;
    }

    public ValueTask DisposeAsync() => Receiver?.DisposeAsync() ?? ValueTask.CompletedTask;

    // The names that RFC 3848 and RFC 6531 4.3 registered; plain SMTP has none with S or A.
    private string ProtocolName(SmtpSession session) =>
        !session.IsExtended
            ? "SMTP"
            : (IsInternational ? "UTF8SMTP" : "ESMTP") + (session.IsEncrypted ? "S" : "") + (session.Account is null ? "" : "A");
}
