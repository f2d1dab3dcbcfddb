using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// Tells the line above a message of an mbox from a sentence that begins with the same word: it is <c>From </c> and nothing else, or ends
/// in a date, or a header follows.
/// </summary>
internal static class MboxSeparator
{
    /// <summary>Octets that have to be there to decide, unless the file ends before.</summary>
    public const int Lookahead = 16 * 1024;

    // The longest line that is taken for the beginning of a message.
    private const int MaxLine = 1024;

    private static readonly string[] _fields =
    [
        "From", "To", "Cc", "Subject", "Date", "Received", "Return-Path", "Delivered-To", "Message-ID", "Reply-To", "Sender", "Status",
        "MIME-Version", "Content-Type", "DKIM-Signature", "Errors-To", "References", "In-Reply-To",
    ];

    /// <summary>True when a message begins at this line.</summary>
    public static bool IsAt(ReadOnlySpan<byte> text, bool isBehindBlankLine)
    {
        if (!text.StartsWith(FromLine.Start) || text[..Math.Min(text.Length, MaxLine)].IndexOfAny((byte)'\r', (byte)'\n') is not (>= 0 and var end))
            return false;
        var line = text[..end];
        return line.Length == FromLine.Start.Length
            || FromLine.Parse(line).Date is not null
            || IsHeader(BehindFirstLine(text), wanted: isBehindBlankLine ? 1 : 2);
    }

    private static ReadOnlySpan<byte> BehindFirstLine(ReadOnlySpan<byte> text)
    {
        var lines = CarriageReturns.EndFirstLineOf(text) ? CarriageReturns.Turned(text[..Math.Min(text.Length, Lookahead)]) : text;
        return lines[(lines.IndexOf((byte)'\n') + 1)..];
    }

    // Nothing but fields up to the blank line, and some that mail has: people write "From now on:" and "PS: yes" too.
    private static bool IsHeader(ReadOnlySpan<byte> text, int wanted)
    {
        var isFirst = true;
        while (text.IndexOf((byte)'\n') is >= 0 and var lineFeed)
        {
            var line = text[..lineFeed].TrimEnd((byte)'\r');
            if (line.IsEmpty)
                break;
            if (isFirst || line[0] is not ((byte)' ' or (byte)'\t'))
            {
                var name = HeaderFields.NameOf(line);
                if (name.IsEmpty)
                    return false;
                wanted -= IsOfMail(name) ? 1 : 0;
            }

            isFirst = false;
            text = text[(lineFeed + 1)..];
        }

        return wanted <= 0;
    }

    private static bool IsOfMail(ReadOnlySpan<byte> name)
    {
        foreach (var field in _fields)
        {
            if (Ascii.EqualsIgnoreCase(name, field))
                return true;
        }

        return name.Length > 2 && Ascii.EqualsIgnoreCase(name[..2], "X-");
    }
}
