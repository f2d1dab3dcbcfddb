namespace MailServer.Core.Mail.Formats;

/// <summary>Reads octets of a message's text; 0 at its end. The destination has at least 16 octets.</summary>
public delegate ValueTask<int> ReadText(Memory<byte> destination, CancellationToken cancellation);

/// <summary>What a message lies in, which decides whose words the fields in its header are.</summary>
public enum MailSource
{
    /// <summary>A file of its own: it begins with our own fields, or is as its sender wrote it.</summary>
    File,

    /// <summary>A Maildir: all that is known besides the text is in the file's name, and every octet is the message's.</summary>
    Maildir,

    /// <summary>An mbox: programs keep their marks in the header.</summary>
    Mbox,

    /// <summary>An mbox of Thunderbird or its kin, which have marks of their own.</summary>
    MozillaMbox,
}

/// <summary>A message in a file, and what the file says about it besides its text.</summary>
/// <param name="Source">What it lies in.</param>
/// <param name="Read">Its text, once.</param>
public sealed record ImportedMessage(MailSource Source, ReadText Read)
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
