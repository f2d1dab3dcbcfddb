using System.Buffers;
using MailServer.Core.Mail;

namespace MailServer.Storage.Memory;

internal sealed class MemoryMessageWriter(MemoryStore store, Envelope envelope) : IMessageWriter
{
    // The runtime has no array of 2 GiB, and a buffer grows by doubling.
    private const int MaxLength = 1 << 30;

    private readonly ArrayBufferWriter<byte> _octets = new();

    public long Length => _octets.WrittenCount;

    public void Advance(int count) => _octets.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _octets.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _octets.GetSpan(sizeHint);

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Length <= MaxLength ? ValueTask.CompletedTask : throw new StoreFault(StoreFaultKind.Full, "A store in memory holds no message of more than 1 GiB");
    }

    public ValueTask CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        store.Deliver(envelope, _octets.WrittenSpan.ToArray(), null);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> CommitMovedAsync(Provenance provenance, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(store.Deliver(envelope, _octets.WrittenSpan.ToArray(), provenance));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
