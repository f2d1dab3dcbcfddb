using MailServer.Core.Mail;

namespace MailServer.Testing;

/// <summary>A maildrop of a store that fails where a test wants it to.</summary>
internal sealed class FaultyMaildrop(IMaildrop maildrop, InMemoryStore store) : IMaildrop
{
    public IReadOnlyList<MaildropEntry> Entries => maildrop.Entries;

    public int WriteUniqueId(int index, Span<byte> destination) => maildrop.WriteUniqueId(index, destination);

    public ValueTask<int> ReadAsync(int index, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        store.ThrowIfFaulty("read");
        return maildrop.ReadAsync(index, offset, destination, cancellation);
    }

    public ValueTask<DateTimeOffset> ReceivedAtAsync(int index, CancellationToken cancellation)
    {
        store.ThrowIfFaulty("read");
        return maildrop.ReceivedAtAsync(index, cancellation);
    }

    public ValueTask CommitAsync(IReadOnlyList<int> deleted, IReadOnlyList<int> read, CancellationToken cancellation)
    {
        store.ThrowIfFaulty("update");
        return maildrop.CommitAsync(deleted, read, cancellation);
    }

    public ValueTask DisposeAsync() => maildrop.DisposeAsync();
}
