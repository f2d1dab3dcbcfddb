using System.Buffers;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Small messages that come next, read in one transaction. Clients take a maildrop message after message, and for each a
/// transaction of its own would cost more than the reading.
/// </summary>
internal sealed class ReadAhead(ReaderPool readers, MaildropRow[] rows) : IDisposable
{
    private const int SmallMessage = 16 * 1024;
    private const int BufferSize = 128 * 1024;

    private byte[] _octets = [];
    private int _first;
    private int _end;
    private int _asked = -1;

    /// <summary>Copies octets of a message that is at hand, or that a client on its way through the maildrop wants now.</summary>
    /// <returns>The count of octets copied, or -1 when the message must be read by itself.</returns>
    public int Read(int index, long offset, Span<byte> destination)
    {
        var isNext = index == _asked + 1 && index > 0;
        _asked = index;
        if (rows[index].Size > SmallMessage)
            return -1;
        if (index < _first || index >= _end)
        {
            if (!isNext)
                return -1;
            Fill(index);
            if (index >= _end)
                return -1;
        }

        var start = 0L;
        for (var before = _first; before < index; before++)
            start += rows[before].Size;
        var rest = _octets.AsSpan((int)start, (int)rows[index].Size)[(int)offset..];
        var count = Math.Min(rest.Length, destination.Length);
        rest[..count].CopyTo(destination);
        return count;
    }

    public void Dispose()
    {
        if (_octets.Length > 0)
            ArrayPool<byte>.Shared.Return(_octets);
        (_octets, _first, _end) = ([], 0, 0);
    }

    // A message that cannot be read ends the reading before it, so that the fault is told when its turn comes.
    private void Fill(int first)
    {
        if (_octets.Length == 0)
            _octets = ArrayPool<byte>.Shared.Rent(BufferSize);
        var (end, length) = (first, 0L);
        while (end < rows.Length && rows[end].Size <= SmallMessage && length + rows[end].Size <= BufferSize)
            length += rows[end++].Size;
        var read = readers.Read(
            (rows, first, end, _octets),
            static (connection, want) => connection.ReadMessages(want.rows.AsSpan(want.first, want.end - want.first), want._octets));
        (_first, _end) = (first, first + read);
    }
}
