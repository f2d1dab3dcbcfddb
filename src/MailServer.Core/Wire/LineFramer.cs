using System.Buffers;

namespace MailServer.Core.Wire;

/// <summary>What ends a line for the rest of a session. The first line fixes it.</summary>
public enum LineEnding
{
    /// <summary>No line has ended yet.</summary>
    Unknown,

    /// <summary>Only CRLF ends a line (RFC 5321 2.3.8).</summary>
    CrLf,

    /// <summary>LF ends a line: a person at <c>nc</c>, on this machine only.</summary>
    Lf,
}

/// <summary>What <see cref="LineFramer.Next"/> found at the start of the input.</summary>
public enum FrameKind
{
    /// <summary>No whole line yet.</summary>
    Incomplete,

    /// <summary>A line.</summary>
    Line,

    /// <summary>The end of a line over the limit, which was dropped.</summary>
    TooLong,

    /// <summary>So much without a line end that listening on makes no sense.</summary>
    Unended,

    /// <summary>The first line ended in a bare LF although this client may not do that.</summary>
    BareLineFeed,

    /// <summary>A TLS handshake where clear text is spoken. Only <see cref="LineReader"/> finds it.</summary>
    TlsHello,
}

/// <summary>A line and where it ended.</summary>
/// <param name="Line">The line without its end.</param>
/// <param name="Consumed">The position behind the line, or behind what was dropped.</param>
public readonly record struct Frame(FrameKind Kind, ReadOnlySequence<byte> Line, SequencePosition Consumed);

/// <summary>Takes one line out of the octets of a connection, and never holds more than a line's limit of them.</summary>
/// <param name="acceptsBareLineFeed">True for a client that may end its lines in LF alone.</param>
/// <param name="unendedLimit">Octets without a line end after which the answer is <see cref="FrameKind.Unended"/>.</param>
public sealed class LineFramer(bool acceptsBareLineFeed, int unendedLimit)
{
    private bool _isDropping;
    private long _dropped;

    /// <summary>What ends a line in this session.</summary>
    public LineEnding Ending { get; private set; }

    /// <summary>True when the next octet begins a line, and not the rest of one that is being dropped.</summary>
    public bool IsAtLineStart => !_isDropping;

    /// <summary>The next line of at most <paramref name="limit"/> octets, its line end included.</summary>
    public Frame Next(ReadOnlySequence<byte> input, int limit)
    {
        var start = input.Start;
        if (Ending == LineEnding.Unknown && !TryFixEnding(input))
            return new(FrameKind.BareLineFeed, default, start);

        var reader = new SequenceReader<byte>(input);
        var isWhole = Ending == LineEnding.Lf
            ? reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n')
            : reader.TryReadTo(out line, "\r\n"u8);
        if (!isWhole)
            return input.Length >= limit || _isDropping ? Drop(input) : new(FrameKind.Incomplete, default, start);

        if (_isDropping || reader.Consumed > limit)
        {
            _isDropping = false;
            _dropped = 0;
            return new(FrameKind.TooLong, default, reader.Position);
        }

        return new(FrameKind.Line, Ending == LineEnding.Lf ? WithoutCarriageReturn(line) : line, reader.Position);
    }

    /// <summary>Forgets the line ending: after a TLS handshake the session starts afresh (RFC 3207 4.2).</summary>
    public void Restart() => Ending = LineEnding.Unknown;

    private static ReadOnlySequence<byte> WithoutCarriageReturn(ReadOnlySequence<byte> line) =>
        EndsInCarriageReturn(line) ? line.Slice(0, line.Length - 1) : line;

    private static bool EndsInCarriageReturn(ReadOnlySequence<byte> octets)
    {
        Span<byte> last = stackalloc byte[1];
        octets.Slice(Math.Max(0, octets.Length - 1)).CopyTo(last);
        return last[0] == '\r';
    }

    private bool TryFixEnding(ReadOnlySequence<byte> input)
    {
        if (input.PositionOf((byte)'\n') is not { } lineFeed)
            return true;
        var before = input.Slice(0, lineFeed);
        if (EndsInCarriageReturn(before))
            Ending = LineEnding.CrLf;
        else if (acceptsBareLineFeed)
            Ending = LineEnding.Lf;
        else
            return false;
        return true;
    }

    private Frame Drop(ReadOnlySequence<byte> input)
    {
        // A CR at the very end may be half of the line end, so it stays.
        var kept = EndsInCarriageReturn(input) ? 1 : 0;
        _isDropping = true;
        _dropped += input.Length - kept;
        return new(_dropped > unendedLimit ? FrameKind.Unended : FrameKind.Incomplete, default, input.GetPosition(input.Length - kept));
    }
}
