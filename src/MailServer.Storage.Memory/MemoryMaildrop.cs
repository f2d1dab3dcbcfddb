using System.Text;
using MailServer.Core.Mail;

namespace MailServer.Storage.Memory;

internal sealed class MemoryMaildrop(MemoryStore store, long accountId, StoredMessage[] messages) : IMaildrop
{
    private bool _isDisposed;

    public IReadOnlyList<MaildropEntry> Entries { get; } =
        [.. messages.Select(message => new MaildropEntry(message.Octets.Length, message.IsRead))];

    public int WriteUniqueId(int index, Span<byte> destination) => Encoding.ASCII.GetBytes(messages[index].UniqueId, destination);

    public ValueTask<int> ReadAsync(int index, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var octets = messages[index].Octets;
        var start = (int)Math.Min(offset, octets.Length);
        var count = Math.Min(destination.Length, octets.Length - start);
        octets.AsSpan(start, count).CopyTo(destination.Span);
        return ValueTask.FromResult(count);
    }

    public ValueTask<DateTimeOffset> ReceivedAtAsync(int index, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(messages[index].ReceivedAt);
    }

    public ValueTask CommitAsync(IReadOnlyList<int> deleted, IReadOnlyList<int> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        store.Update(accountId, deleted.Select(index => messages[index].Uid), read.Select(index => messages[index].Uid));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
            store.Release(accountId);
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }
}
