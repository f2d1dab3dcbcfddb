using System.Buffers;

namespace MailServer.Core.Wire;

/// <summary>
/// Gives a text the line ends of mail, CRLF, in blocks of any size: an LF, with all the CRs before it, becomes one CRLF, and so does
/// every other CR, so that every program takes the text for the same lines (RFC 5321 2.3.8, CVE-2023-51764).
/// Lines that end in CRLF pass octet for octet.
/// </summary>
public struct LineEndNormalizer()
{
    // Longer runs of CRs are blank lines, whatever follows: what waits stays small.
    private const int LongestRun = 1024;

    // CRs that have come and not been passed on: what follows decides what they are.
    private int _carriageReturns;
    private bool _hasBareCarriageReturn;
    private bool _isInLine;

    /// <summary>True once an LF came without a CR before it.</summary>
    public bool SawBareLineFeed { get; private set; }

    /// <summary>True once a CR came that no LF follows; of one at the end of the text, after <see cref="Finish"/>.</summary>
    public readonly bool SawBareCarriageReturn => _hasBareCarriageReturn || _carriageReturns > 1;

    /// <summary>Passes a piece of the text on.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            switch (text[0])
            {
                case (byte)'\r' when !text.StartsWith("\r\n"u8):
                case (byte)'\r' when _carriageReturns > 0:
                    if (++_carriageReturns == LongestRun)
                        EndHeldLines(output);
                    text = text[1..];
                    break;
                case (byte)'\n':
                    EndLineAtLineFeed(output);
                    text = text[1..];
                    break;
                default:
                    EndHeldLines(output);
                    var length = LengthOfPlain(text);
                    output.Write(text[..length]);
                    _isInLine = text[length - 1] != '\n';
                    text = text[length..];
                    break;
            }
        }
    }

    /// <summary>Ends the last line if nothing has ended it. Nothing may be written after it.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        EndHeldLines(output);
        if (_isInLine)
            output.Write("\r\n"u8);
    }

    // The count of octets before the first CR or LF that is not part of a CRLF.
    private static int LengthOfPlain(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (text[length..].IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var found)
        {
            length += found;
            if (!text[length..].StartsWith("\r\n"u8))
                return length;
            length += 2;
        }

        return text.Length;
    }

    private void EndLineAtLineFeed(IBufferWriter<byte> output)
    {
        SawBareLineFeed |= _carriageReturns == 0;
        _hasBareCarriageReturn |= _carriageReturns > 1;
        (_carriageReturns, _isInLine) = (0, false);
        output.Write("\r\n"u8);
    }

    private void EndHeldLines(IBufferWriter<byte> output)
    {
        _hasBareCarriageReturn |= _carriageReturns > 0;
        for (; _carriageReturns > 0; _carriageReturns--)
        {
            _isInLine = false;
            output.Write("\r\n"u8);
        }
    }
}
