using System.Text;

namespace MailClient.Mime;

/// <summary>Writes text in quoted-printable (RFC 2045 6.7).</summary>
internal static class QuotedPrintable
{
    private const int LineLength = 76;

    /// <summary>The text in UTF-8, encoded, with soft line ends; its own lines must end in CRLF.</summary>
    public static string Encode(string text)
    {
        var output = new StringBuilder(text.Length * 2);
        var isFirst = true;
        foreach (var line in text.Split("\r\n"))
        {
            if (!isFirst)
                output.Append("\r\n");
            isFirst = false;
            AppendLine(output, Encoding.UTF8.GetBytes(line));
        }

        return output.ToString();
    }

    private static void AppendLine(StringBuilder output, byte[] octets)
    {
        var column = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            var octet = octets[i];
            var isBlank = octet is (byte)' ' or (byte)'\t';
            var isPlain = isBlank ? i < octets.Length - 1 : octet is > (byte)' ' and < 0x7F and not (byte)'=';
            var width = isPlain ? 1 : 3;
            if (column + width >= LineLength)
            {
                output.Append("=\r\n");
                column = 0;
            }

            output.Append(isPlain ? (char)octet : $"={octet:X2}");
            column += width;
        }
    }
}
