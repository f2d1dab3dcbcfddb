using System.Buffers;
using System.Globalization;
using MailServer.Core.Mail;
using MailServer.Core.Smtp;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3.Bodies;

/// <summary>The rows of the classroom servers: <c>id, sender, subject, size</c> and <c>id, sender, subject, body</c>.</summary>
internal static class DetailedListing
{
    /// <summary>The longest subject in a row, in characters.</summary>
    public const int MaxSubject = 100;

    // The header is looked through in blocks of this many octets.
    private const int MaxBlock = 64 * 1024;

    /// <summary>Reads <c>id, sender, subject</c> of a message, and where its body begins.</summary>
    public static async ValueTask<(string Row, long BodyOffset)> ReadAsync(Pop3Session session, int index, CancellationToken cancellation)
    {
        var octets = session.View.OctetsOf(index);
        var block = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(octets, 1, MaxBlock));
        try
        {
            var (cutter, fields) = (new TopFilter(bodyLines: 0), new HeaderSearch("Return-Path", "From", "Subject"));
            var (held, bodyOffset, isEnd) = (0, 0L, false);
            while (!isEnd)
            {
                var length = await session.Maildrop.ReadAsync(index, bodyOffset, block.AsMemory(held), cancellation);
                var header = cutter.Take(block.AsSpan(held, length));
                bodyOffset += header;
                isEnd = length == 0 || cutter.IsDone || bodyOffset >= octets;
                var seen = block.AsSpan(0, held + header);
                held = fields.Observe(seen, isEnd);
                seen[^held..].CopyTo(block);
            }

            var sender = (fields["Return-Path"] ?? fields["From"] ?? "").Trim('<', '>');
            return (string.Create(CultureInfo.InvariantCulture, $"{index + 1}, {OneLine(sender, PathParser.MaxLength)}, {OneLine(fields["Subject"] ?? "", MaxSubject)}"), bodyOffset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // A row is one line whatever an encoded word held.
    private static string OneLine(string text, int longest) =>
        PrintableText.Of(string.Concat(text.EnumerateRunes().Take(longest)), ' ');
}
