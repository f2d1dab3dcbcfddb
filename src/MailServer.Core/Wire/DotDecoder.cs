using System.Buffers;

namespace MailServer.Core.Wire;

/// <summary>Where the decoded text of a message goes.</summary>
public interface ITextSink
{
    /// <summary>Takes a piece of the text.</summary>
    void Write(ReadOnlySpan<byte> octets);
}

/// <summary>
/// Finds the end of a message's text and undoes dot-stuffing (RFC 5321 4.5.2), octet for octet, whatever the blocks
/// that it comes in. Only CRLF.CRLF ends the text, or LF.LF where <see cref="LineEnding.Lf"/> rules:
/// no other sequence may, or a second message could be smuggled in (CVE-2023-51764).
/// </summary>
public sealed class DotDecoder(LineEnding ending)
{
    private readonly bool _isLf = ending == LineEnding.Lf;
    private Position _position = Position.LineStart;

    private enum Position
    {
        LineStart,
        Dot,
        DotCr,
        Middle,
        Cr,
    }

    /// <summary>True once the final dot was seen.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>True once a CR came that no LF follows; it stays in the text.</summary>
    public bool SawBareCarriageReturn { get; private set; }

    /// <summary>True once an LF came that follows no CR; it became CRLF.</summary>
    public bool SawBareLineFeed { get; private set; }

    /// <summary>Lines of text so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Decodes as much as there is, up to and with the final dot's line.</summary>
    /// <returns>The position behind what was used.</returns>
    public SequencePosition Decode(ReadOnlySequence<byte> input, ITextSink sink)
    {
        var used = 0L;
        foreach (var block in input)
        {
            used += Decode(block.Span, sink);
            if (IsComplete)
                break;
        }

        return input.GetPosition(used);
    }

    private int Decode(ReadOnlySpan<byte> block, ITextSink sink)
    {
        var i = 0;
        while (i < block.Length && !IsComplete)
        {
            var octet = block[i];
            switch (_position)
            {
                case Position.LineStart when octet == '.':
                    _position = Position.Dot;
                    i++;
                    break;
                case Position.Dot when octet == '\r':
                    _position = Position.DotCr;
                    i++;
                    break;
                case Position.Dot when octet == '\n' && _isLf:
                case Position.DotCr when octet == '\n':
                    IsComplete = true;
                    i++;
                    break;
                case Position.DotCr:
                case Position.Cr when octet != '\n':
                    // The CR that was held back is no line end.
                    SawBareCarriageReturn = true;
                    sink.Write("\r"u8);
                    _position = Position.Middle;
                    break;
                case Position.Cr:
                    EndLine(sink);
                    i++;
                    break;
                default:
                    i += Copy(block[i..], sink);
                    break;
            }
        }

        return i;
    }

    // Copies up to the next CR or LF and steps over that one. A dot that stood before is dropped by not being copied.
    private int Copy(ReadOnlySpan<byte> block, ITextSink sink)
    {
        _position = Position.Middle;
        var length = block.IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0)
        {
            sink.Write(block);
            return block.Length;
        }

        // The usual line, whole and in one block: one copy with its line end.
        if (block[length] == '\r' && length + 1 < block.Length && block[length + 1] == '\n')
        {
            sink.Write(block[..(length + 2)]);
            _position = Position.LineStart;
            Lines++;
            return length + 2;
        }

        sink.Write(block[..length]);
        if (block[length] == '\r')
            _position = Position.Cr;
        else if (_isLf)
            EndLine(sink);
        else
            Normalize(sink);
        return length + 1;
    }

    private void EndLine(ITextSink sink)
    {
        sink.Write("\r\n"u8);
        _position = Position.LineStart;
        Lines++;
    }

    // Not the start of a line for the final dot or for stuffing: a strict sender sees no line end here.
    private void Normalize(ITextSink sink)
    {
        SawBareLineFeed = true;
        sink.Write("\r\n"u8);
        Lines++;
    }
}
