using System.Buffers;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// Quotes the lines of a message for an mbox as mboxrd does: a line of any count of <c>&gt;</c> and then <c>From </c> gets one more
/// <c>&gt;</c>, so that no line looks like the beginning of the next message and every one can be had back. In blocks of any size.
/// </summary>
public struct MboxQuoting()
{
    private const int Middle = -1;

    // How much of "From " has come since the line's beginning, not counting the signs before it.
    private int _matched;

    /// <summary>Passes a piece of the text on.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_matched == Middle)
            {
                var lineFeed = text.IndexOf((byte)'\n');
                var rest = lineFeed < 0 ? text : text[..(lineFeed + 1)];
                output.Write(rest);
                text = text[rest.Length..];
                if (lineFeed >= 0)
                    _matched = 0;
            }
            else if (text[0] == FromLine.Start[_matched])
            {
                text = text[1..];
                if (++_matched < FromLine.Start.Length)
                    continue;
                output.Write(">From "u8);
                _matched = Middle;
            }
            else if (text[0] == '>' && _matched == 0)
            {
                output.Write(text[..1]);
                text = text[1..];
            }
            else
            {
                Finish(output);
                _matched = Middle;
            }
        }
    }

    /// <summary>Passes on what was held back.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        if (_matched > 0)
            output.Write(FromLine.Start[.._matched]);
        _matched = 0;
    }
}
