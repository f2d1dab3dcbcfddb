using System.Buffers;
using System.Runtime.InteropServices;

namespace MailServer.Core.Wire;

/// <summary>
/// Stuffs dots at line starts (RFC 1939 3), octet for octet, whatever the blocks that the text comes in. A line starts behind any LF:
/// most clients read lines at LF, and an LF.LF sent as it is would let the message's author write the server's next answers.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public struct DotEncoder()
{
    private const int MaxBlock = 64 * 1024;

    private byte _beforeLast = (byte)'\r';
    private byte _last = (byte)'\n';

    /// <summary>Writes a piece of the text; a line that begins with a dot gets a second one.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_last == '\n' && text[0] == '.')
                output.Write("."u8);

            // Up to the next line that begins with a dot.
            var length = text.IndexOf("\n."u8) is >= 0 and var lineFeed ? lineFeed + 1 : text.Length;
            Copy(text[..length], output);
            _beforeLast = length > 1 ? text[length - 2] : _last;
            _last = text[length - 1];
            text = text[length..];
        }
    }

    /// <summary>True when the text so far ends in CRLF, or there is none.</summary>
    public readonly bool IsAtLineStart => (_beforeLast, _last) == ((byte)'\r', (byte)'\n');

    /// <summary>Ends the answer: the lone dot, on a line of its own.</summary>
    public readonly void Finish(IBufferWriter<byte> output) =>
        output.Write(IsAtLineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);

    // Asked for no size, a pipe gives a small buffer, and each of its buffers costs a system call when it is sent.
    private static void Copy(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var block = text[..Math.Min(text.Length, MaxBlock)];
            block.CopyTo(output.GetSpan(block.Length));
            output.Advance(block.Length);
            text = text[block.Length..];
        }
    }
}
