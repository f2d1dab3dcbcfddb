using System.Runtime.InteropServices;

namespace MailServer.Core.Pop3;

/// <summary>What a message number in an argument names.</summary>
public enum MessageLookupKind
{
    /// <summary>A message of the maildrop.</summary>
    Found,

    /// <summary>Nothing, because it is no number.</summary>
    NotANumber,

    /// <summary>Nothing: no message has this number.</summary>
    Missing,

    /// <summary>A message that is marked as deleted.</summary>
    Deleted,
}

/// <summary>What a message number in an argument names.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MessageLookup(MessageLookupKind Kind)
{
    /// <summary>The message's index in the maildrop; null when none was found.</summary>
    public int? Index { get; init; }

    /// <summary>The number of a deleted message; the highest number where none has the one that was asked for, 0 in an empty maildrop.</summary>
    public int Number { get; init; }
}
