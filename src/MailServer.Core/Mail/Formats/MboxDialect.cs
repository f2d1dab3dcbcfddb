using System.Buffers.Text;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>How the messages of an mbox are kept apart.</summary>
/// <param name="HasLengths">True for mboxcl and mboxcl2: the Content-Length field of every message says where its body ends.</param>
/// <param name="IsQuoted">True for mboxo, mboxrd and mboxcl: lines that begin with From have a sign before them.</param>
public sealed record MboxDialect(bool HasLengths, bool IsQuoted)
{
    // Far more than headers are; a longer one is read as if it had no Content-Length.
    private const int MaxHeader = 64 * 1024;

    /// <summary>mboxo or mboxrd.</summary>
    public static MboxDialect Quoted { get; } = new(HasLengths: false, IsQuoted: true);

    /// <summary>
    /// Looks which dialect a file is in, from here on, and leaves the stream where it was. Lengths count only if the length of every single
    /// message leads exactly to the next one or to the end: a field that a sender made up must not swallow other mail. Where a
    /// body then holds a line that begins with From, nobody has quoted.
    /// </summary>
    public static async ValueTask<MboxDialect> DetectAsync(Stream stream, CancellationToken cancellation)
    {
        var (beginning, isQuoted, messages) = (stream.Position, true, 0);
        var position = beginning;
        var head = new byte[MaxHeader];
        do
        {
            stream.Position = position;
            var count = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
            var blank = BlankLines(head.AsSpan(0, count));
            if (position > beginning && blank == count)
                break;
            var lineEnd = CarriageReturns.EndFirstLineOf(head.AsSpan(blank, count - blank)) ? '\r' : '\n';
            if (BodyOf(head.AsSpan(blank, count - blank)) is not { } body)
                return Rewound(stream, beginning, Quoted);
            var start = position + blank + body.Start;
            position = start + body.Length;
            if (position > stream.Length || position < start)
                return Rewound(stream, beginning, Quoted);
            stream.Position = start - 1;
            messages++;
            isQuoted = isQuoted && !await HoldsFromAsync(stream, lineEnd, body.Length + 1, cancellation);
        }
        while (position < stream.Length);

        // One length that reaches to the end over lines that begin with From proves nothing.
        return Rewound(stream, beginning, messages > 1 || isQuoted ? new MboxDialect(HasLengths: true, isQuoted) : Quoted);
    }

    /// <summary>
    /// Where the body begins and how long its Content-Length says that it is. Null when the text does not begin with a From line
    /// or its header has no such field.
    /// </summary>
    internal static (int Start, long Length)? BodyOf(ReadOnlySpan<byte> text)
    {
        if (CarriageReturns.EndFirstLineOf(text))
            text = CarriageReturns.Turned(text[..Math.Min(text.Length, MaxHeader)]);
        if (!text.StartsWith(FromLine.Start) || text.IndexOf((byte)'\n') is not (>= 0 and var fromEnd))
            return null;
        var header = text[(fromEnd + 1)..];
        if (ExportHeader.TryParse(header, out _) is not null || HeaderFields.Find(header, "Content-Length") is not { } field)
            return null;
        var octets = Encoding.UTF8.GetBytes(field);
        if (!Utf8Parser.TryParse(octets, out long length, out var used) || used != octets.Length || length < 0)
            return null;
        var (lf, crlf) = (header.IndexOf("\n\n"u8), header.IndexOf("\n\r\n"u8));
        if (crlf >= 0 && (lf < 0 || crlf < lf))
            return (fromEnd + 1 + crlf + 3, length);
        return lf < 0 ? null : (fromEnd + 1 + lf + 2, length);
    }

    /// <summary>How many octets at the beginning are blank lines.</summary>
    internal static int BlankLines(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExcept((byte)'\r', (byte)'\n') is >= 0 and var blank ? blank : text.Length;

    private static MboxDialect Rewound(Stream stream, long beginning, MboxDialect found)
    {
        stream.Position = beginning;
        return found;
    }

    // Looks for a line that begins with From in the next octets, the first of which is a line's end.
    private static async ValueTask<bool> HoldsFromAsync(Stream stream, char lineEnd, long length, CancellationToken cancellation)
    {
        byte[] pattern = [(byte)lineEnd, .. FromLine.Start];
        var buffer = new byte[MaxHeader];
        var kept = 0;
        while (length > 0)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(kept, (int)Math.Min(buffer.Length - kept, length)), cancellation);
            if (count == 0)
                return false;
            length -= count;
            var text = buffer.AsSpan(0, kept + count);
            if (text.IndexOf(pattern) >= 0)
                return true;
            kept = Math.Min(text.Length, pattern.Length - 1);
            text[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
