using MailServer.Core.Mail;

namespace MailServer.Testing;

/// <summary>A message on its way into a store that fails where a test wants it to.</summary>
internal sealed class FaultyMessageWriter(IMessageWriter writer, InMemoryStore store) : IMessageWriter
{
    private bool _isDisposed;

    public long Length => writer.Length;

    public void Advance(int count)
    {
        store.OctetsWritten += count;
        writer.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        store.ThrowIfFaulty("flush");
        return writer.FlushAsync(cancellation);
    }

    public ValueTask CommitAsync(CancellationToken cancellation)
    {
        store.ThrowIfFaulty("commit");
        return writer.CommitAsync(cancellation);
    }

    public ValueTask<bool> CommitMovedAsync(Provenance provenance, CancellationToken cancellation)
    {
        store.ThrowIfFaulty("commit");
        return writer.CommitMovedAsync(provenance, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
            store.OpenWriters--;
        _isDisposed = true;
        return writer.DisposeAsync();
    }
}
