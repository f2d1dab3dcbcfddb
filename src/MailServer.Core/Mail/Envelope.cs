using MailServer.Core.Accounts;

namespace MailServer.Core.Mail;

/// <summary>Who a message is from and for (RFC 5321 2.3.1).</summary>
/// <param name="ReversePath">The sender's address without brackets; empty for <c>&lt;&gt;</c>.</param>
/// <param name="Recipients">The accounts it is for, each once.</param>
/// <param name="ReceivedAt">When the server took it.</param>
public sealed record Envelope(string ReversePath, IReadOnlyList<Account> Recipients, DateTimeOffset ReceivedAt);
