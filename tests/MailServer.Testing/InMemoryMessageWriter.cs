using System.Buffers;
using MailServer.Core.Mail;

namespace MailServer.Testing;

internal sealed class InMemoryMessageWriter(InMemoryStore store, Envelope envelope) : IMessageWriter
{
    private readonly ArrayBufferWriter<byte> _octets = new();

    public long Length => _octets.WrittenCount;

    public void Advance(int count) => _octets.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _octets.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _octets.GetSpan(sizeHint);

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        store.ThrowIfFaulty("flush");
        return ValueTask.CompletedTask;
    }

    public ValueTask CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        store.ThrowIfFaulty("commit");
        store.Deliver(envelope, _octets.WrittenSpan.ToArray(), null);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> CommitMovedAsync(Provenance provenance, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        store.ThrowIfFaulty("commit");
        return ValueTask.FromResult(store.Deliver(envelope, _octets.WrittenSpan.ToArray(), provenance));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
