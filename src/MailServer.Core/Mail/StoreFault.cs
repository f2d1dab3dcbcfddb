namespace MailServer.Core.Mail;

/// <summary>Why the store could not do what was asked.</summary>
public enum StoreFaultKind
{
    /// <summary>No room left on the disk.</summary>
    Full,

    /// <summary>A recipient's mailbox is at its quota.</summary>
    OverQuota,

    /// <summary>Locked, closed, or failing for now.</summary>
    Unavailable,

    /// <summary>One message cannot be read; the others can.</summary>
    Damaged,

    /// <summary>One message was removed from the maildrop by others, or with its account.</summary>
    Removed,

    /// <summary>An account that a message is for was removed meanwhile.</summary>
    NoRecipient,

    /// <summary>The store does not hold the maildrop for this session any more; another may have it by now.</summary>
    MaildropLost,
}

/// <summary>The one exception that the ports of the store throw.</summary>
public sealed class StoreFault : Exception
{
    public StoreFault(StoreFaultKind kind, string message, Exception? cause = null)
        : base(message, cause) => Kind = kind;

    public StoreFaultKind Kind { get; }

    /// <summary>
    /// True when nothing is wrong with the store, and it refuses one message for what the message or its recipients are. Everything else is for
    /// whoever runs the server to look at, a maildrop that is lost included: the store was out of reach for too long.
    /// </summary>
    public bool IsRefusal => Kind is StoreFaultKind.OverQuota or StoreFaultKind.NoRecipient or StoreFaultKind.Removed;
}
