namespace MailServer.Core.Mail;

/// <summary>What a message brings along from where it lay before.</summary>
/// <param name="UniqueId">Kept when it is valid, free in the maildrop and none that the store itself may still give; null asks for a new one.</param>
/// <param name="IsRead">True when somebody has read it there.</param>
/// <param name="Digest">What the account knows the message by from now on, so that it is taken once; empty: it is taken in any case.</param>
public sealed record Provenance(string? UniqueId, bool IsRead, ReadOnlyMemory<byte> Digest);
