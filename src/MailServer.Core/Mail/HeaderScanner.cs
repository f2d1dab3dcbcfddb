using System.Text;

namespace MailServer.Core.Mail;

/// <summary>Finds fields in a message's header (RFC 5322 2.2). Linear in the header's length.</summary>
public static class HeaderScanner
{
    /// <summary>The unfolded value of the first field of this name, as UTF-8 with bad octets replaced, or null.</summary>
    /// <param name="header">The header's octets; what follows the blank line is not looked at.</param>
    public static string? Find(ReadOnlySpan<byte> header, string name)
    {
        while (TryTakeLine(ref header, out var line) && !line.IsEmpty)
        {
            if (!IsField(line, name))
                continue;
            var value = new StringBuilder(Encoding.UTF8.GetString(line[(name.Length + 1)..]));
            while (!header.IsEmpty && header[0] is (byte)' ' or (byte)'\t' && TryTakeLine(ref header, out var fold))
                value.Append(Encoding.UTF8.GetString(fold));
            return value.ToString().Trim();
        }

        return null;
    }

    private static bool IsField(ReadOnlySpan<byte> line, string name) =>
        line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private static bool TryTakeLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        var lineFeed = text.IndexOf((byte)'\n');
        line = lineFeed < 0 ? text : text[..lineFeed];
        var isThere = !text.IsEmpty;
        text = lineFeed < 0 ? [] : text[(lineFeed + 1)..];
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        return isThere;
    }
}
