using System.Buffers;

namespace MailServer.Core.Protocol;

/// <summary>Stuffs dots at line starts (RFC 1939 3), octet for octet, whatever the blocks that the text comes in.</summary>
public struct DotEncoder()
{
    private const int MaxBlock = 64 * 1024;

    private bool _endsInCr;
    private bool _isLineStart = true;

    /// <summary>Writes a piece of the text; a line that begins with a dot gets a second one.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_isLineStart && text[0] == '.')
                output.Write("."u8);
            var length = NextLineStart(text);
            Copy(text[..length], output);
            text = text[length..];
        }
    }

    /// <summary>Ends the answer: the lone dot, on a line of its own.</summary>
    public readonly void Finish(IBufferWriter<byte> output) => output.Write(_isLineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);

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

    // The count of octets up to the next line that begins with a dot (or that may, at the end of the block).
    private int NextLineStart(ReadOnlySpan<byte> text)
    {
        // A CR that ended the last block and an LF that begins this one are a line end.
        if (_endsInCr && text[0] == '\n')
        {
            _endsInCr = false;
            _isLineStart = true;
            return 1;
        }

        var stuffed = text.IndexOf("\r\n."u8);
        if (stuffed >= 0)
        {
            _endsInCr = false;
            _isLineStart = true;
            return stuffed + 2;
        }

        _endsInCr = text[^1] == '\r';
        _isLineStart = text.EndsWith("\r\n"u8);
        return text.Length;
    }
}
