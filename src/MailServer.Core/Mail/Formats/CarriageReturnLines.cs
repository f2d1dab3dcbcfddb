namespace MailServer.Core.Mail.Formats;

/// <summary>
/// A file whose lines end in CR alone, as old Macs wrote them, read as if they ended in LF; a CRLF stays. Every octet keeps its place.
/// </summary>
internal sealed class CarriageReturnLines(Stream file) : Stream
{
    private readonly byte[] _next = new byte[1];

    // One octet is read ahead: it says what a CR before it is.
    private bool _holdsNext;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position - (_holdsNext ? 1 : 0);
        set => (file.Position, _holdsNext) = (value, false);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        var count = 0;
        if (_holdsNext)
        {
            buffer.Span[count++] = _next[0];
            _holdsNext = false;
        }

        if (count < buffer.Length)
            count += await file.ReadAsync(buffer[count..], cancellationToken);
        if (count > 0 && buffer.Span[count - 1] == '\r')
            _holdsNext = await file.ReadAsync(_next, cancellationToken) > 0;
        Turn(buffer.Span[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read without blocking.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Set the position instead.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read only.");

    public override void Flush()
    {
    }

    private void Turn(Span<byte> octets)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            var next = i + 1 < octets.Length ? octets[i + 1] : _holdsNext ? _next[0] : (byte)0;
            if (octets[i] == '\r' && next != '\n')
                octets[i] = (byte)'\n';
        }
    }
}
