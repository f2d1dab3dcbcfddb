using System.Buffers;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// Gives a text the line ends of mail, CRLF, in blocks of any size. A text whose first line ends in CRLF has them already and
/// passes octet for octet; in any other an LF without a CR becomes CRLF. A text that stops within a line gets its end.
/// </summary>
public struct LineEndExpander()
{
    private bool? _isExact;
    private byte _last;
    private byte _beforeLast;

    /// <summary>Passes a piece of the text on.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var lineFeed = _isExact is true ? -1 : text.IndexOf((byte)'\n');
            var line = lineFeed < 0 ? text : text[..lineFeed];
            Pass(line, output);
            if (lineFeed < 0)
                return;
            _isExact ??= _last == '\r';
            Pass(_last == '\r' ? "\n"u8 : "\r\n"u8, output);
            text = text[(lineFeed + 1)..];
        }
    }

    /// <summary>Ends the last line.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        if ((_beforeLast, _last) != ((byte)'\r', (byte)'\n'))
            Pass("\r\n"u8, output);
    }

    private void Pass(ReadOnlySpan<byte> octets, IBufferWriter<byte> output)
    {
        if (octets.IsEmpty)
            return;
        output.Write(octets);
        _beforeLast = octets.Length > 1 ? octets[^2] : _last;
        _last = octets[^1];
    }
}

/// <summary>Turns CRLF into LF, in blocks of any size. For texts that <see cref="LineEndSurvey"/> calls plain.</summary>
public struct LineEndContractor()
{
    private bool _holdsCarriageReturn;

    /// <summary>Passes a piece of the text on; it must end behind an LF in the end.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_holdsCarriageReturn && text[0] != '\n')
                output.Write("\r"u8);
            _holdsCarriageReturn = false;
            var carriageReturn = text.IndexOf((byte)'\r');
            output.Write(carriageReturn < 0 ? text : text[..carriageReturn]);
            if (carriageReturn < 0)
                return;
            _holdsCarriageReturn = true;
            text = text[(carriageReturn + 1)..];
        }
    }
}

/// <summary>
/// Looks whether a text can be written with LF line ends and read again without a loss: every LF behind exactly one CR.
/// </summary>
public struct LineEndSurvey()
{
    private byte _last;
    private byte _beforeLast;

    /// <summary>True as long as nothing speaks against it.</summary>
    public bool IsPlain { get; private set; } = true;

    /// <summary>Looks at the next piece of the text.</summary>
    public void Observe(ReadOnlySpan<byte> text)
    {
        for (var start = 0; IsPlain && text[start..].IndexOf((byte)'\n') is >= 0 and var found; start += found + 1)
        {
            var lineFeed = start + found;
            var before = lineFeed > 0 ? text[lineFeed - 1] : _last;
            var beforeThat = lineFeed > 1 ? text[lineFeed - 2] : lineFeed == 1 ? _last : _beforeLast;
            IsPlain = before == '\r' && beforeThat != '\r';
        }

        if (text.Length > 1)
            _beforeLast = text[^2];
        else if (text.Length == 1)
            _beforeLast = _last;
        if (!text.IsEmpty)
            _last = text[^1];
    }
}
