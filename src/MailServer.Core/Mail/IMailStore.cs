using System.Buffers;
using MailServer.Core.Accounts;

namespace MailServer.Core.Mail;

/// <summary>Where mail lies. Every member may throw <see cref="StoreFault"/>, and nothing else but cancellation.</summary>
public interface IMailStore
{
    /// <summary>Starts a message. It appears to nobody before <see cref="IMessageWriter.CommitAsync"/>.</summary>
    IMessageWriter Begin(Envelope envelope);

    /// <summary>
    /// Locks an account's maildrop and takes a snapshot of it (RFC 1939 4).
    /// Null when another session holds it; disposing the maildrop frees it.
    /// </summary>
    ValueTask<IMaildrop?> OpenMaildropAsync(Account account, CancellationToken cancellation);
}

/// <summary>
/// A message on its way in. Octets are written through the buffer; <see cref="FlushAsync"/> after every block keeps the
/// memory of a message of any size bounded. Disposing without a commit means that it never happened.
/// </summary>
public interface IMessageWriter : IBufferWriter<byte>, IAsyncDisposable
{
    /// <summary>Octets of text written so far.</summary>
    long Length { get; }

    /// <summary>Hands full chunks to the store and waits while the store is behind.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>
    /// Returns when the message is durable (on disk, fsynced) for every recipient; throws when it is there for none. A recipient whose
    /// account was removed meanwhile, also if one of its name was made again, is a fault of kind NoRecipient. Messages lie in a
    /// maildrop in the order of their commits: one that was committed later never appears before one that was seen.
    /// </summary>
    ValueTask CommitAsync(CancellationToken cancellation);

    /// <summary>
    /// As <see cref="CommitAsync"/>, for a message that lay elsewhere before and has one recipient.
    /// False, and nothing is stored, when the account remembers its digest. Of messages below 64 KiB several may be committed at a time, without
    /// waiting: they lie in the order of the calls.
    /// </summary>
    ValueTask<bool> CommitMovedAsync(Provenance provenance, CancellationToken cancellation);
}

/// <summary>A message of a maildrop.</summary>
/// <param name="Octets">The exact count of octets that RETR sends, before dot-stuffing and without the final dot.</param>
/// <param name="IsRead">True once a session has sent it whole.</param>
public readonly record struct MaildropEntry(long Octets, bool IsRead);

/// <summary>
/// An account's mailbox as it was at login, held by one session. Messages are named by their index in
/// <see cref="Entries"/>, oldest first; deliveries and other sessions change nothing here. A store that several processes share may lose its hold on a
/// maildrop: from then on every member that asks the store throws <see cref="StoreFault"/> of kind MaildropLost, and nothing is deleted or marked.
/// </summary>
public interface IMaildrop : IAsyncDisposable
{
    /// <summary>The longest unique-id in octets (RFC 1939 7).</summary>
    public const int MaxUniqueId = UniqueId.MaxLength;

    /// <summary>The messages, oldest first.</summary>
    IReadOnlyList<MaildropEntry> Entries { get; }

    /// <summary>
    /// Writes a message's unique-id: 1 to 70 octets from 0x21 to 0x7E, never changed and never used again (RFC 1939 7).
    /// </summary>
    /// <returns>The count of octets written.</returns>
    int WriteUniqueId(int index, Span<byte> destination);

    /// <summary>When a message was taken, to the millisecond. Throws as <see cref="ReadAsync"/> does when the message is gone.</summary>
    ValueTask<DateTimeOffset> ReceivedAtAsync(int index, CancellationToken cancellation);

    /// <summary>
    /// Reads octets of a message, its <see cref="ReturnPath"/> above its text, from <paramref name="offset"/> on. Fills the buffer unless the message ends first.
    /// Throws <see cref="StoreFault"/> of kind Damaged when octets that should be there are not, and of kind Removed when the message is not in the maildrop any more.
    /// </summary>
    /// <returns>The count of octets read; 0 at the end.</returns>
    ValueTask<int> ReadAsync(int index, long offset, Memory<byte> destination, CancellationToken cancellation);

    /// <summary>
    /// Makes deletions and read marks durable together, all or none. Called at most once.
    /// A message deleted meanwhile by others is passed over.
    /// </summary>
    ValueTask CommitAsync(IReadOnlyList<int> deleted, IReadOnlyList<int> read, CancellationToken cancellation);
}
