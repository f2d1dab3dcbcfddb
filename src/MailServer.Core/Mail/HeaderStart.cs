using System.Runtime.InteropServices;

namespace MailServer.Core.Mail;

/// <summary>How a message's text begins.</summary>
public enum TextBeginning
{
    /// <summary>More of it is needed to tell.</summary>
    Unknown,

    /// <summary>A header field.</summary>
    Field,

    /// <summary>A blank line, which ends a header as well as it ends ours.</summary>
    BlankLine,

    /// <summary>Something that is no header.</summary>
    Body,
}

/// <summary>What <see cref="HeaderStart.Look"/> found.</summary>
/// <param name="PreambleLength">
/// Octets above the first field that are no part of the header: byte order marks, and the lines of an mbox (<c>From ...</c>, <c>>From ...</c>).
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HeaderBeginning(TextBeginning Kind, int PreambleLength = 0);

/// <summary>
/// Tells whether a text begins with a header as mail really writes it: behind a byte order mark, behind the line that stands above a
/// message in an mbox, and with blanks before a field's colon (RFC 5322 4.5).
/// </summary>
/// <remarks><code>
/// beginning = *( [ %xEF.BB.BF ] *">" "From " *CHAR CRLF ) [ %xEF.BB.BF ] field-name *WSP ":"
/// field-name = 1*( %d33-57 / %d59-126 )
/// </code></remarks>
public static class HeaderStart
{
    /// <summary>The most octets that are looked at: a name that is longer begins no header.</summary>
    public const int MaxLength = 64 * 1024;

    private static ReadOnlySpan<byte> From => "From "u8;

    /// <summary>Looks at the first octets of a text. With <see cref="MaxLength"/> of them the answer is never Unknown.</summary>
    public static HeaderBeginning Look(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (true)
        {
            var rest = text[length..];
            var mark = rest.StartsWith(HeaderFields.ByteOrderMark) ? HeaderFields.ByteOrderMark.Length : 0;
            var kind = LookAtLine(rest[mark..], mayBeMark: mark == 0, out var mailboxLine);
            length += mark + mailboxLine;
            if (mailboxLine > 0)
                continue;
            if (kind == TextBeginning.Unknown)
                return new(text.Length < MaxLength ? TextBeginning.Unknown : TextBeginning.Body);

            // Without a field behind it, From begins a sentence.
            return kind == TextBeginning.Field ? new(kind, length) : new(length > 0 ? TextBeginning.Body : kind);
        }
    }

    private static TextBeginning LookAtLine(ReadOnlySpan<byte> line, bool mayBeMark, out int mailboxLine)
    {
        mailboxLine = 0;
        if (line.IsEmpty || (mayBeMark && line.Length < HeaderFields.ByteOrderMark.Length && HeaderFields.ByteOrderMark.StartsWith(line)))
            return TextBeginning.Unknown;
        if (line[0] is (byte)'\r' or (byte)'\n')
            return TextBeginning.BlankLine;
        if (!HeaderFields.NameOf(line).IsEmpty)
            return TextBeginning.Field;
        if (HeaderFields.IsBeginningOfName(line))
            return TextBeginning.Unknown;
        if (!line[line.IndexOfAnyExcept((byte)'>')..].StartsWith(From))
            return TextBeginning.Body;
        mailboxLine = line.IndexOf((byte)'\n') + 1;
        return TextBeginning.Unknown;
    }
}
