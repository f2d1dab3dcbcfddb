using System.Text;
using MailServer.Core.Mail;

namespace MailServer.Storage.Memory;

internal sealed class MemoryMaildrop(MemoryStore store, long accountId, StoredMessage[] messages) : IMaildrop
{
    private bool _isDisposed;

    public IReadOnlyList<MaildropEntry> Entries { get; } =
        [.. messages.Select(message => new MaildropEntry(message.Length, message.IsRead))];

    public int WriteUniqueId(int index, Span<byte> destination) => Encoding.ASCII.GetBytes(messages[index].UniqueId, destination);

    public ValueTask<int> ReadAsync(int index, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (field, text) = (messages[index].ReturnPath, messages[index].Text);
        var count = Copy(field, offset, destination.Span);
        return ValueTask.FromResult(count + Copy(text, Math.Max(0, offset - field.Length), destination.Span[count..]));
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

    private static int Copy(byte[] octets, long offset, Span<byte> destination)
    {
        var wanted = octets.AsSpan((int)Math.Min(offset, octets.Length));
        wanted = wanted[..Math.Min(wanted.Length, destination.Length)];
        wanted.CopyTo(destination);
        return wanted.Length;
    }
}
