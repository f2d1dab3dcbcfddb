using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// A file of Apple Mail: a message between the count of its octets and a property list.
/// <code>emlx = *SP 1*DIGIT *SP LF message plist</code>
/// </summary>
public static class Emlx
{
    public const string Extension = ".emlx";

    // The count is padded to ten characters.
    private const int MaxFirstLine = 32;

    /// <summary>Where the message begins and how many octets it has, or null when the file is none of Apple Mail's.</summary>
    public static (int Start, long Length)? MessageIn(ReadOnlySpan<byte> beginning)
    {
        var lineFeed = beginning[..Math.Min(beginning.Length, MaxFirstLine)].IndexOf((byte)'\n');
        return lineFeed > 0 && long.TryParse(
            Encoding.Latin1.GetString(beginning[..lineFeed]).Trim(' ', '\r'), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? (lineFeed + 1, length)
            : null;
    }

    /// <summary>True when the first bit of the flags in a property list says that somebody has read the message.</summary>
    public static bool IsRead(string list)
    {
        var key = list.IndexOf("<key>flags</key>", StringComparison.Ordinal);
        var start = key < 0 ? -1 : list.IndexOf("<integer>", key, StringComparison.Ordinal);
        var end = start < 0 ? -1 : list.IndexOf('<', start + 1);
        return end > 0
            && long.TryParse(list[(start + "<integer>".Length)..end], NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
            && (flags & 1) != 0;
    }
}
