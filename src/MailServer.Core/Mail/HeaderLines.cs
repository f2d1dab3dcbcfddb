using System.Buffers;
using System.Text;

namespace MailServer.Core.Mail;

/// <summary>
/// Passes on a text that begins with a header, in any blocks, and sees to it that the header ends where its fields do: before the first
/// line that is neither a field nor a fold comes the blank line that its writer forgot, as Postfix has it. Counts Received fields
/// (RFC 5321 6.3). Costs nothing behind the header.
/// </summary>
public struct HeaderLines()
{
    private ArrayBufferWriter<byte>? _held;
    private bool _isInLine;

    /// <summary>True once the blank line behind the header has been passed on.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Received fields so far.</summary>
    public int Received { get; private set; }

    /// <summary>Passes a piece of the text on. The beginning of a line is held back until it is clear what it is.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!HasEnded && !text.IsEmpty)
        {
            var length = text.IndexOf((byte)'\n') is >= 0 and var lineFeed ? lineFeed + 1 : text.Length;
            if (_isInLine)
                output.Write(text[..length]);
            else if (!BeginLine(text[..length], output))
                return;
            _isInLine = text[length - 1] != '\n';
            text = text[length..];
        }

        output.Write(text);
    }

    // False when more of the line is needed.
    private bool BeginLine(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        var line = piece;
        var isHeld = _held is { WrittenCount: > 0 };
        if (isHeld)
        {
            _held!.Write(piece);
            line = _held!.WrittenSpan;
        }

        var name = HeaderFields.NameOf(line);
        if (name.IsEmpty && HeaderFields.IsBeginningOfName(line) && line.Length < HeaderStart.MaxLength && line[0] is not ((byte)' ' or (byte)'\t'))
        {
            _held ??= new();
            if (!isHeld)
                _held.Write(piece);
            return false;
        }

        if (Ascii.EqualsIgnoreCase(name, "Received"u8))
            Received++;
        HasEnded = name.IsEmpty && line[0] is not ((byte)' ' or (byte)'\t');
        if (HasEnded && line[0] is not ((byte)'\r' or (byte)'\n'))
            output.Write("\r\n"u8);
        output.Write(line);
        _held?.ResetWrittenCount();
        return true;
    }
}
