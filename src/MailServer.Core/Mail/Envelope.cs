using MailServer.Core.Accounts;

namespace MailServer.Core.Mail;

/// <summary>Who a message is from and for (RFC 5321 2.3.1).</summary>
/// <param name="ReversePath">
/// The sender's address without brackets; empty for <c>&lt;&gt;</c>. It stands above the text as <see cref="ReturnPath"/> when the message is handed
/// out. Null for a message that is handed out as its text is.
/// </param>
/// <param name="Recipients">The accounts it is for, each once.</param>
/// <param name="ReceivedAt">When the server took it.</param>
public sealed record Envelope(string? ReversePath, IReadOnlyList<Account> Recipients, DateTimeOffset ReceivedAt)
{
    /// <summary>The octets that a recipient's mailbox may hold with this message; 0 for any. Crossing it is a fault of kind OverQuota.</summary>
    public long MailboxSize { get; init; }
}
