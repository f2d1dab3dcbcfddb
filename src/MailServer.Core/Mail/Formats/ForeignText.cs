using System.Buffers;
using MailServer.Core.Wire;

namespace MailServer.Core.Mail.Formats;

/// <summary>The text of a message in a file, in blocks, with the line ends of mail.</summary>
/// <param name="raw">Room for what is read at a time.</param>
/// <param name="text">What was read last.</param>
internal sealed class ForeignText(ReadText read, byte[] raw, ArrayBufferWriter<byte> text)
{
    private LineEndNormalizer _lineEnds = new();

    /// <summary>True when the last of it has been read.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Replaces what was read before by the next octets: at least so many, unless the text ends.</summary>
    public async ValueTask FillAsync(int octets, CancellationToken cancellation)
    {
        text.ResetWrittenCount();
        while (!IsEnded && text.WrittenCount < octets)
        {
            var count = await read(raw, cancellation);
            if (count > 0)
                _lineEnds.Write(raw.AsSpan(0, count), text);
            else
                _lineEnds.Finish(text);
            IsEnded = count == 0;
        }
    }

    /// <summary>
    /// How many octets stand above a header that are not part of it: a byte order mark, blank lines in a file of its own, and lines of an
    /// mbox that a program has copied into the message. 0 when no field follows.
    /// </summary>
    public static int PreambleOf(ReadOnlySpan<byte> message, MailSource source)
    {
        if (source == MailSource.Maildir)
            return 0;
        var rest = message;
        while (true)
        {
            if (rest.StartsWith(HeaderFields.ByteOrderMark))
                rest = rest[HeaderFields.ByteOrderMark.Length..];
            var line = rest[..(rest.IndexOf((byte)'\n') + 1)];
            if (HeaderFields.NameOf(line).Length > 0)
                return message.Length - rest.Length;
            var unquoted = line is [(byte)'>', ..] ? line[1..] : line;
            if (line.IsEmpty || !(unquoted.StartsWith(FromLine.Start) || (source == MailSource.File && line is [(byte)'\r', (byte)'\n'])))
                return 0;
            rest = rest[line.Length..];
        }
    }
}
