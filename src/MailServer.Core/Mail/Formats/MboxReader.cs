namespace MailServer.Core.Mail.Formats;

/// <summary>Takes the messages out of an mbox, one after the other, in a fixed amount of memory.</summary>
public sealed class MboxReader
{
    private const int BufferSize = 128 * 1024;

    private readonly Stream _stream;
    private readonly MboxDialect _dialect;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private long _position;
    private bool _isEnded;
    private bool _isInMessage;

    // True while a CR alone ends a line, as it ended the line above the message.
    private bool _hasCarriageReturns;
    private Place _place;
    private int _heldBlank;

    // Octets of the message that are left, where its length is known.
    private long? _left;

    private MboxReader(Stream stream, MboxDialect dialect) => (_stream, _dialect, _position) = (stream, dialect, stream.Position);

    private enum Place
    {
        LineStart,
        Quote,
        Middle,
    }

    /// <summary>What stands above the current message.</summary>
    public FromLine From { get; private set; } = new("", null);

    /// <summary>Which program's marks the header of the current message may have.</summary>
    public MailSource Source => From.IsOfMozilla ? MailSource.MozillaMbox : MailSource.Mbox;

    /// <summary>Where in the file the current message begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Octets of the file that have been passed.</summary>
    public long Position => _position - (_end - _start);

    /// <summary>Begins with a file that can be read from any place. The lines of every message end in LF, in CRLF, or in CR.</summary>
    public static async ValueTask<MboxReader> OpenAsync(Stream stream, CancellationToken cancellation)
    {
        var beginning = new byte[HeaderFields.ByteOrderMark.Length];
        var count = await stream.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellation);
        stream.Position = beginning.AsSpan(0, count).StartsWith(HeaderFields.ByteOrderMark) ? HeaderFields.ByteOrderMark.Length : 0;
        return new(stream, await MboxDialect.DetectAsync(stream, cancellation));
    }

    /// <summary>Goes on to the next message. False when there is none.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellation)
    {
        var scrap = _isInMessage ? new byte[BufferSize] : [];
        while (_isInMessage)
            _ = await ReadAsync(scrap, cancellation);

        await FillAsync(cancellation);
        while (_start < _end && MboxDialect.BlankLines(_buffer.AsSpan(_start, _end - _start)) is > 0 and var blank)
        {
            _start += blank;
            await FillAsync(cancellation);
        }

        if (_start == _end)
            return false;
        Begin();
        return true;
    }

    /// <summary>Reads octets of the current message, without quoting and with the line ends of the file, but LF for CR alone.</summary>
    /// <param name="destination">At least 16 octets.</param>
    /// <returns>The count of octets read; 0 at the message's end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        while (true)
        {
            var count = Transfer(destination.Span);
            if (count > 0 || !_isInMessage)
                return count;
            await FillAsync(cancellation);
        }
    }

    // The first line of a file counts whatever it is.
    private void Begin()
    {
        var text = _buffer.AsSpan(_start, _end - _start);
        Offset = Position;
        _hasCarriageReturns = CarriageReturns.EndFirstLineOf(text);
        var end = text.IndexOf(_hasCarriageReturns ? (byte)'\r' : (byte)'\n');
        var line = end < 0 ? text : text[..end];
        From = line.StartsWith(FromLine.Start) ? FromLine.Parse(line) : new FromLine("", null);
        _left = _dialect.HasLengths && MboxDialect.BodyOf(text) is { } body ? body.Start + body.Length - line.Length - 1 : null;
        _start += Math.Min(line.Length + 1, text.Length);
        (_isInMessage, _place, _heldBlank) = (true, Place.LineStart, 0);
    }

    private int Transfer(Span<byte> destination)
    {
        var written = 0;
        while (_isInMessage && (_isEnded || _end - _start >= MboxSeparator.Lookahead))
        {
            // The octet behind the CR is in the buffer.
            var text = _buffer.AsSpan(_start, (int)Math.Min(_end - _start - (_isEnded ? 0 : 1), _left ?? long.MaxValue));
            var room = destination[written..];
            var before = (written, _start, _place);
            written += _place switch
            {
                Place.LineStart => BeginLine(text, room),
                Place.Quote => PassQuote(text, room),
                _ => PassLine(text, room),
            };
            if (before == (written, _start, _place))
                break;
        }

        return written;
    }

    // Each passes some octets on and says how many; none, and no step forward, means that there is no room.
    private int BeginLine(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (text.IsEmpty || (_left is null && MboxSeparator.IsAt(text, _heldBlank > 0)))
        {
            // A blank line before the next message belongs to the format.
            _isInMessage = false;
            return 0;
        }

        if (room.Length < 3)
            return 0;
        TurnFirstCarriageReturn(text[..1]);
        var held = _heldBlank;
        (held == 2 ? "\r\n"u8 : "\n"u8)[..held].CopyTo(room);
        _heldBlank = 0;
        if (_left is null && (text[0] == '\n' || text.StartsWith("\r\n"u8)))
        {
            _heldBlank = text[0] == '\n' ? 1 : 2;
            Advance(_heldBlank);
        }
        else if (text[0] == '>' && _dialect.IsQuoted)
        {
            Advance(1);
            _place = Place.Quote;
        }
        else
        {
            _place = Place.Middle;
        }

        return held;
    }

    // One sign was passed over: it comes last, unless it was the quoting.
    private int PassQuote(ReadOnlySpan<byte> text, Span<byte> room)
    {
        var signs = text.IndexOfAnyExcept((byte)'>') is >= 0 and var found ? found : text.Length;
        if (signs > 0)
        {
            signs = Math.Min(signs, room.Length);
            room[..signs].Fill((byte)'>');
            Advance(signs);
            return signs;
        }

        if (text.StartsWith(FromLine.Start))
        {
            _place = Place.Middle;
            return 0;
        }

        if (room.IsEmpty)
            return 0;
        room[0] = (byte)'>';
        _place = Place.Middle;
        return 1;
    }

    private int PassLine(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (text.IsEmpty)
        {
            _isInMessage = false;
            return 0;
        }

        var piece = text[..Math.Min(text.Length, room.Length)];
        TurnFirstCarriageReturn(piece);
        if (piece.IndexOf((byte)'\n') is >= 0 and var lineFeed)
        {
            piece = piece[..(lineFeed + 1)];
            _place = Place.LineStart;
        }

        piece.CopyTo(room);
        Advance(piece.Length);
        return piece.Length;
    }

    // The octets are the next ones of the buffer. No more than the line that is passed on may change: the next message is another's.
    private void TurnFirstCarriageReturn(ReadOnlySpan<byte> octets)
    {
        if (!_hasCarriageReturns || octets.IndexOfAny((byte)'\r', (byte)'\n') is not (>= 0 and var end))
            return;
        var at = _start + end;
        if (_buffer[at] == '\r' && !(at + 1 < _end && _buffer[at + 1] == '\n'))
            _buffer[at] = (byte)'\n';
    }

    private void Advance(int count)
    {
        _start += count;
        _left -= count;
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
            return;
        var count = await _stream.ReadAtLeastAsync(_buffer.AsMemory(_end), _buffer.Length - _end, throwOnEndOfStream: false, cancellation);
        _isEnded = _end + count < _buffer.Length;
        _end += count;
        _position += count;
    }
}
