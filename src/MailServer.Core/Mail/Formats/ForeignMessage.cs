namespace MailServer.Core.Mail.Formats;

/// <summary>Reads octets of a message's text; 0 at its end. The destination has at least 16 octets.</summary>
public delegate ValueTask<int> ReadText(Memory<byte> destination, CancellationToken cancellation);

/// <summary>A message in a file, and what the file says about it besides its text.</summary>
/// <param name="Read">Its text, once.</param>
public sealed record ForeignMessage(ReadText Read)
{
    /// <summary>The reverse path; null when the text alone says it.</summary>
    public string? ReversePath { get; init; }

    /// <summary>When it was delivered, where that is known better than from its header.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>When it was delivered, where its header does not say.</summary>
    public DateTimeOffset FallbackDate { get; init; }

    public string? UniqueId { get; init; }

    public bool IsRead { get; init; }

    public bool IsDeleted { get; init; }
}
