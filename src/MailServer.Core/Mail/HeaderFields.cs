using System.Buffers;
using System.Text;

namespace MailServer.Core.Mail;

/// <summary>
/// Finds fields in a message's header as mail really writes it (RFC 5322 2.2, 4.5). Linear in the header's length.
/// </summary>
/// <remarks>
/// <code>
/// field  = name *WSP ":" value *( line-end WSP value ) line-end
/// name   = 1*ftext                ; 33 to 126 but the colon, in any letter case, of any length
/// </code>
/// A line ends in LF or CRLF. Only an empty line ends the header; a line of blanks is a fold. A line that is no field, such as the
/// <c>From </c> line of an mbox, is passed over with its folds, and so is a byte order mark before a name.
/// </remarks>
public static class HeaderFields
{
    private static readonly SearchValues<byte> _nameOctets = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Where(octet => octet != ':').Select(octet => (byte)octet)]);

    /// <summary>U+FEFF in UTF-8, which some programs write before a header.</summary>
    internal static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The name of the field that begins with this line, without the blanks before its colon; empty when the line begins none.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAnyExcept(_nameOctets);
        return end > 0 && line[end..].TrimStart(" \t"u8) is [(byte)':', ..] ? line[..end] : [];
    }

    /// <summary>True when all of this may be the beginning of a field whose colon is still to come.</summary>
    public static bool IsBeginningOfName(ReadOnlySpan<byte> line) => line.TrimEnd(" \t"u8).IndexOfAnyExcept(_nameOctets) < 0;

    /// <summary>
    /// The unfolded value of the first field of this name as text, without blanks around it, or null. What is no UTF-8 is taken for
    /// the charset that the header declares for the body, else for Windows-1252.
    /// </summary>
    /// <param name="header">The message's beginning; what follows the empty line is not looked at.</param>
    public static string? Find(ReadOnlySpan<byte> header, string name) =>
        FindOctets(header, name) is { } value ? Charsets.TextOf(value, DeclaredCharset(header)) : null;

    /// <summary>As <see cref="Find"/>, with encoded words decoded (RFC 2047).</summary>
    public static string? FindDecoded(ReadOnlySpan<byte> header, string name) =>
        FindOctets(header, name) is { } value ? EncodedWord.Decode(value, DeclaredCharset(header)) : null;

    /// <summary>As <see cref="Find"/>, as the octets that stand there.</summary>
    public static byte[]? FindOctets(ReadOnlySpan<byte> header, string name)
    {
        while (TryTakeField(ref header, out var field))
        {
            if (Ascii.EqualsIgnoreCase(NameOf(field), name))
                return Unfold(field[(field.IndexOf((byte)':') + 1)..]);
        }

        return null;
    }

    // A line with its folds; false at the end of the header.
    private static bool TryTakeField(ref ReadOnlySpan<byte> header, out ReadOnlySpan<byte> field)
    {
        if (header.StartsWith(ByteOrderMark))
            header = header[ByteOrderMark.Length..];
        var length = 0;
        do
            length += LineLength(header[length..]);
        while (length < header.Length && header[length] is (byte)' ' or (byte)'\t');
        field = header[..length];
        header = header[length..];
        return field is not ([] or [(byte)'\n', ..] or [(byte)'\r'] or [(byte)'\r', (byte)'\n', ..]);
    }

    private static int LineLength(ReadOnlySpan<byte> text) => text.IndexOf((byte)'\n') is >= 0 and var lineFeed ? lineFeed + 1 : text.Length;

    private static byte[] Unfold(ReadOnlySpan<byte> value)
    {
        var octets = new ArrayBufferWriter<byte>(Math.Max(1, value.Length));
        while (!value.IsEmpty)
        {
            var length = LineLength(value);
            var line = value[..length];
            if (line is [.., (byte)'\n'])
                line = line[..^1];
            if (line is [.., (byte)'\r'])
                line = line[..^1];
            octets.Write(line);
            value = value[length..];
        }

        return octets.WrittenSpan.Trim(" \t"u8).ToArray();
    }

    // What the body is declared to be written in is the likeliest for the header too. A whole parser of parameters would find no
    // charset that this does not.
    private static Encoding? DeclaredCharset(ReadOnlySpan<byte> header)
    {
        if (FindOctets(header, "Content-Type") is not { } type)
            return null;
        var text = Encoding.Latin1.GetString(type);
        var start = text.IndexOf("charset", StringComparison.OrdinalIgnoreCase);
        return start >= 0 && text.AsSpan(start + "charset".Length).TrimStart() is ['=', .. var value]
            ? Charsets.Find(value.TrimStart(" \t\"").ToString().Split('"', ';', ' ', '\t', '(')[0])
            : null;
    }
}
