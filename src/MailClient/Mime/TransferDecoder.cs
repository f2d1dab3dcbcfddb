using System.Buffers.Text;

namespace MailClient.Mime;

/// <summary>Undoes content transfer encodings (RFC 2045 6). Takes what real senders send, in linear time.</summary>
internal static class TransferDecoder
{
    /// <summary>The decoded octets; those of an unknown encoding stay as they are.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> octets, string? encoding) => encoding?.Trim().ToUpperInvariant() switch
    {
        "BASE64" => Base64Octets(octets),
        "QUOTED-PRINTABLE" => QuotedPrintable(octets),
        _ => octets.ToArray(),
    };

    private static byte[] Base64Octets(ReadOnlySpan<byte> text)
    {
        // Anything outside the alphabet is noise (RFC 2045 6.8): a cut last group and padding too.
        var digits = new byte[text.Length + 3];
        var length = 0;
        foreach (var octet in text)
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'+' or (byte)'/')
                digits[length++] = octet;
        }

        if (length % 4 == 1)
            length--;
        while (length % 4 != 0)
            digits[length++] = (byte)'=';
        Base64.DecodeFromUtf8InPlace(digits.AsSpan(0, length), out var decoded);
        return digits[..decoded];
    }

    private static byte[] QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var octets = new byte[text.Length];
        var length = 0;
        while (!text.IsEmpty)
        {
            var lineFeed = text.IndexOf((byte)'\n');
            var line = lineFeed < 0 ? text : text[..lineFeed];
            text = lineFeed < 0 ? [] : text[(lineFeed + 1)..];

            var hasCarriageReturn = line is [.., (byte)'\r'];

            // Blanks at a line's end were added on the way (RFC 2045 6.7, rule 3).
            line = line.TrimEnd(" \t\r"u8);
            var isSoft = line is [.., (byte)'='];
            length += DecodeLine(isSoft ? line[..^1] : line, octets.AsSpan(length));
            if (lineFeed < 0 || isSoft)
                continue;
            if (hasCarriageReturn)
                octets[length++] = (byte)'\r';
            octets[length++] = (byte)'\n';
        }

        return octets[..length];
    }

    private static int DecodeLine(ReadOnlySpan<byte> line, Span<byte> output)
    {
        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '=' && i + 2 < line.Length && char.IsAsciiHexDigit((char)line[i + 1]) && char.IsAsciiHexDigit((char)line[i + 2]))
            {
                output[length++] = Convert.FromHexString([(char)line[i + 1], (char)line[i + 2]])[0];
                i += 2;
            }
            else
            {
                output[length++] = line[i];
            }
        }

        return length;
    }
}
