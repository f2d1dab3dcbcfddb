using System.Text;

namespace MailServer.Core.Mail;

/// <summary>Decodes encoded words in a field's value (RFC 2047). Linear in the value's length.</summary>
/// <remarks>
/// <code>encoded-word = "=?" charset [ "*" language ] "?" ( "B" / "Q" ) "?" encoded-text "?="</code>
/// Words of any length are taken, with blanks and octets of eight bits in them, because senders write such. What cannot be read for
/// certain stays as it is: a word in an unknown charset or with broken base64 is shown raw, never as other letters.
/// </remarks>
public static class EncodedWord
{
    private static ReadOnlySpan<byte> Start => "=?"u8;

    private static ReadOnlySpan<byte> End => "?="u8;

    /// <summary>The value with every readable encoded word decoded; the rest stays as it is.</summary>
    public static string Decode(string value) =>
        value.Contains("=?", StringComparison.Ordinal) ? Decode(Encoding.UTF8.GetBytes(value), declared: null) : value;

    /// <summary>As <see cref="Decode(string)"/>, of a value's octets.</summary>
    /// <param name="declared">What octets of eight bits outside of words are, if they are no UTF-8.</param>
    public static string Decode(ReadOnlySpan<byte> value, Encoding? declared)
    {
        var text = new StringBuilder(value.Length);
        EncodedWordText? word = null;
        // Where plain text begins that is not in the text yet, and where the next word may begin.
        var (plain, position) = (0, 0);
        while (position < value.Length && value[position..].IndexOf(Start) is >= 0 and var found)
        {
            var start = position + found;
            if (!TryFindWord(value, start, out var charset, out var isBase64, out var encoded, out var end))
            {
                position = start + Start.Length;
                continue;
            }

            // Blanks between two words are not part of the text (RFC 2047 6.2), nor is the border between words of one charset: many
            // senders cut a character there.
            var between = value[plain..start];
            var isAdjacent = word is not null && between.IndexOfAnyExcept(" \t"u8) < 0;
            if (!isAdjacent || !word!.Continues(charset))
            {
                word?.AppendTo(text);
                word = null;
            }

            if (!isAdjacent)
                text.Append(Charsets.TextOf(between, declared));
            word ??= new EncodedWordText(charset, declared);
            if (!word.TryAdd(encoded, isBase64))
            {
                // Not to be read: the word stands in the text as it is.
                word.AppendTo(text);
                word = null;
                text.Append(Charsets.TextOf(isAdjacent ? value[plain..end] : value[start..end], declared));
            }

            (plain, position) = (end, end);
        }

        word?.AppendTo(text);
        return text.Append(Charsets.TextOf(value[plain..], declared)).ToString();
    }

    // A start without an end, or whose text holds another start, is none.
    private static bool TryFindWord(
        ReadOnlySpan<byte> value, int start, out Encoding charset, out bool isBase64, out ReadOnlySpan<byte> encoded, out int end)
    {
        (charset, isBase64, end) = (Encoding.UTF8, false, 0);
        encoded = default;
        var rest = value[(start + Start.Length)..];
        var nameLength = rest.IndexOf((byte)'?');
        if (nameLength <= 0 || nameLength + 2 >= rest.Length || rest[nameLength + 2] != '?' || (rest[nameLength + 1] | 0x20) is not ('b' or 'q'))
            return false;
        isBase64 = (rest[nameLength + 1] | 0x20) == 'b';
        encoded = rest[(nameLength + 3)..];
        // Only as far as the next start, or many open words would cost more than linear time.
        var limit = encoded.IndexOf(Start) is >= 0 and var other ? Math.Min(encoded.Length, other + Start.Length + 1) : encoded.Length;
        var length = encoded[..limit].IndexOf(End);
        if (length < 0 || Charsets.Find(Name(rest[..nameLength])) is not { } found)
            return false;
        end = value.Length - encoded.Length + length + End.Length;
        charset = found;
        encoded = encoded[..length];
        return true;
    }

    // Behind a star stands a language (RFC 2231 5).
    private static string Name(ReadOnlySpan<byte> text) =>
        Encoding.Latin1.GetString(text.IndexOf((byte)'*') is >= 0 and var star ? text[..star] : text);
}
