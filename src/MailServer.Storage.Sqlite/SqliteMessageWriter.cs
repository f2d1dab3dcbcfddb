using System.Buffers;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Gathers a message. One of less than a chunk is written by a single operation; of a longer one the full chunks go
/// ahead, at most two of them in flight at a time.
/// </summary>
internal sealed class SqliteMessageWriter(CommitQueue queue, Envelope envelope) : IMessageWriter
{
    private const int FirstBuffer = 4 * 1024;
    private const int MaxInFlight = 2;

    private readonly Queue<Task> _inFlight = new();
    private byte[] _buffer = [];
    private int _count;
    private long? _message;
    private long _chunks;
    private bool _isCommitted;

    public long Length { get; private set; }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _count);
        _count += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsSpan(_count);
    }

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        while (_count >= Schema.ChunkSize)
        {
            if (_message is { } message)
                await SendChunkAsync(message, cancellation);
            else
                await SendFirstChunkAsync(cancellation);
            _chunks++;
        }
    }

    public async ValueTask CommitAsync(CancellationToken cancellation) => _ = await CommitAsync(null, cancellation);

    public ValueTask<bool> CommitMovedAsync(Provenance provenance, CancellationToken cancellation) => CommitAsync(provenance, cancellation);

    public async ValueTask DisposeAsync()
    {
        Return(_buffer);
        _buffer = [];
        _count = 0;
        if (_isCommitted || _message is not { } message)
            return;
        _message = null;
        try
        {
            _ = queue.Enqueue(writer => writer.Mail.Remove(message), CancellationToken.None);
        }
        catch (StoreFault)
        {
            // The store is closed; what is left goes when it is next opened.
        }
    }

    private async ValueTask<bool> CommitAsync(Provenance? provenance, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        await WaitUntilInFlightAsync(0);
        var isNew = await queue.CommitAsync(
            writer =>
            {
                var rest = _buffer.AsSpan(0, _count);
                return _message is { } message
                    ? writer.Mail.Finish(message, _chunks, rest, Length, envelope, provenance)
                    : writer.Mail.Deliver(envelope, rest, provenance);
            },
            cancellation);
        _isCommitted = true;
        return isNew;
    }

    // The message has its number only once this is committed, so this one chunk is waited for.
    private async ValueTask SendFirstChunkAsync(CancellationToken cancellation)
    {
        _message = await queue.Enqueue(writer => writer.Mail.Start(envelope, Chunk(_buffer)), cancellation);
        _count -= Schema.ChunkSize;
        _buffer.AsSpan(Schema.ChunkSize, _count).CopyTo(_buffer);
    }

    private async ValueTask SendChunkAsync(long message, CancellationToken cancellation)
    {
        await WaitUntilInFlightAsync(MaxInFlight - 1);
        var (buffer, sequence) = (_buffer, _chunks);
        var done = queue.Enqueue(writer => writer.Mail.Continue(message, sequence, Chunk(buffer)), cancellation);
        _buffer = ArrayPool<byte>.Shared.Rent(buffer.Length);
        _count -= Schema.ChunkSize;
        buffer.AsSpan(Schema.ChunkSize, _count).CopyTo(_buffer);
        _inFlight.Enqueue(ReturnAfterAsync(done, buffer));
    }

    // A failed task stays at the head of _inFlight, so that nothing later can succeed.
    private async ValueTask WaitUntilInFlightAsync(int count)
    {
        while (_inFlight.Count > count)
        {
            await _inFlight.Peek();
            _ = _inFlight.Dequeue();
        }
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _count >= count)
            return;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, Math.Max(_count + count, 2 * _buffer.Length)));
        _buffer.AsSpan(0, _count).CopyTo(buffer);
        Return(_buffer);
        _buffer = buffer;
    }

    private static ReadOnlySpan<byte> Chunk(byte[] buffer) => buffer.AsSpan(0, Schema.ChunkSize);

    private static async Task ReturnAfterAsync(Task done, byte[] buffer)
    {
        try
        {
            await done;
        }
        finally
        {
            Return(buffer);
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
