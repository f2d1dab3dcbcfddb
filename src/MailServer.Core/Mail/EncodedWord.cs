using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail;

/// <summary>Decodes encoded words in a field's value (RFC 2047). Linear in the value's length.</summary>
/// <remarks><code>encoded-word = "=?" charset "?" encoding "?" encoded-text "?="</code></remarks>
public static class EncodedWord
{
    static EncodedWord() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The value with every well-formed encoded word decoded; the rest stays as it is.</summary>
    public static string Decode(string value)
    {
        var text = new StringBuilder(value.Length);
        var position = 0;
        var isAfterWord = false;
        while (value.IndexOf("=?", position, StringComparison.Ordinal) is >= 0 and var start)
        {
            var between = value.AsSpan(position, start - position);
            if (TryDecodeWord(value, start, out var end) is not { } decoded)
            {
                text.Append(between).Append("=?");
                position = start + 2;
                isAfterWord = false;
                continue;
            }

            // Blanks between two encoded words are not part of the text (RFC 2047 6.2).
            if (!isAfterWord || !between.IsWhiteSpace())
                text.Append(between);
            text.Append(decoded);
            position = end;
            isAfterWord = true;
        }

        return text.Append(value.AsSpan(position)).ToString();
    }

    private static string? TryDecodeWord(string value, int start, out int end)
    {
        end = 0;
        // An encoded word has at most 75 characters (RFC 2047 2); some senders exceed that, so the search goes further,
        // but never so far that many open words cost more than linear time.
        var limit = Math.Min(value.Length, start + 1024);
        var charsetEnd = value.IndexOf('?', start + 2, limit - start - 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= limit || value[charsetEnd + 2] != '?')
            return null;
        var textStart = charsetEnd + 3;
        var textEnd = value.IndexOf("?=", textStart, limit - textStart, StringComparison.Ordinal);
        if (textEnd < 0)
            return null;

        end = textEnd + 2;
        var encoded = value.AsSpan(textStart, textEnd - textStart);
        var octets = char.ToUpperInvariant(value[charsetEnd + 1]) switch
        {
            'B' => TryBase64(encoded),
            'Q' => QuotedPrintable(encoded),
            _ => null,
        };
        // The charset may carry a language (RFC 2231 5).
        var charset = value[(start + 2)..charsetEnd].Split('*')[0];
        return octets is null ? null : TryCharset(charset)?.GetString(octets);
    }

    private static byte[]? TryBase64(ReadOnlySpan<char> text)
    {
        var octets = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, octets, out var length) ? octets[..length] : null;
    }

    private static byte[] QuotedPrintable(ReadOnlySpan<char> text)
    {
        var octets = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length
                && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Add(octet);
                i += 2;
            }
            else
            {
                octets.Add(text[i] == '_' ? (byte)' ' : (byte)text[i]);
            }
        }

        return [.. octets];
    }

    private static Encoding? TryCharset(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // UTF-7 is known to the runtime and refused by it.
            return null;
        }
    }
}
