using System.Buffers;
using System.Globalization;
using System.Text;
using MailServer.Core.Mail;

namespace MailServer.Core.Pop3;

/// <summary>The rows of the classroom servers: <c>id, sender, subject, size</c> and <c>id, sender, subject, body</c>.</summary>
internal static class DetailedListing
{
    /// <summary>The longest subject in a row, in characters.</summary>
    public const int MaxSubject = 100;

    // Sender and subject are looked for in this many octets; a longer header is passed over, not held.
    private const int MaxHeader = 64 * 1024;

    /// <summary>Reads <c>id, sender, subject</c> of a message, and where its body begins.</summary>
    public static async ValueTask<(string Row, long BodyOffset)> ReadAsync(Pop3Session session, int index, CancellationToken cancellation)
    {
        var octets = session.View.OctetsOf(index);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(octets, 1, MaxHeader));
        try
        {
            var cutter = new TextCutter(bodyLines: 0);
            var length = await session.Maildrop.ReadAsync(index, 0, buffer, cancellation);
            var bodyOffset = (long)cutter.Take(buffer.AsSpan(0, length));
            var row = Row(index + 1, buffer.AsSpan(0, (int)bodyOffset));
            while (!cutter.IsDone && bodyOffset < octets && length > 0)
            {
                length = await session.Maildrop.ReadAsync(index, bodyOffset, buffer, cancellation);
                bodyOffset += cutter.Take(buffer.AsSpan(0, length));
            }

            return (row, bodyOffset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Row(int number, ReadOnlySpan<byte> header)
    {
        var sender = HeaderFields.Find(header, "Return-Path") ?? HeaderFields.Find(header, "From") ?? "";
        var subject = EncodedWord.Decode(HeaderFields.Find(header, "Subject") ?? "");
        return string.Create(CultureInfo.InvariantCulture, $"{number}, {OneLine(sender.Trim('<', '>'))}, {OneLine(subject)}");
    }

    // A row is one line whatever an encoded word held.
    private static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MaxSubject))
            line.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? " " : rune.ToString());
        return line.ToString();
    }
}
