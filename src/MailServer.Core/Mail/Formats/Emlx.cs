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

    // The XML declaration and the document type stand above a list.
    private const int MaxDeclaration = 256;

    // Bits of the number that a list keeps as its flags.
    private const long ReadFlag = 1;
    private const long DeletedFlag = 2;

    private static ReadOnlySpan<byte> XmlStart => "<?xml"u8;

    private static ReadOnlySpan<byte> ListStart => "<plist"u8;

    private static ReadOnlySpan<byte> BinaryStart => "bplist0"u8;

    /// <summary>Where the message begins and how many octets it has, or null when the file is none of Apple Mail's.</summary>
    public static (int Start, long Length)? MessageIn(ReadOnlySpan<byte> beginning)
    {
        var lineFeed = beginning[..Math.Min(beginning.Length, MaxFirstLine)].IndexOf((byte)'\n');
        return lineFeed > 0 && long.TryParse(
            Encoding.Latin1.GetString(beginning[..lineFeed]).Trim(' ', '\r'), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? (lineFeed + 1, length)
            : null;
    }

    /// <summary>True when a property list, or the end of the file, stands behind the message, as it does where the count is right.</summary>
    public static bool IsBehindMessage(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart(" \t\r\n"u8);
        return rest.IsEmpty || rest.StartsWith(XmlStart) || rest.StartsWith(ListStart) || rest.StartsWith(BinaryStart);
    }

    /// <summary>Where the property list at the end of a file begins, or null when none is there.</summary>
    /// <param name="end">The last octets of the file.</param>
    public static int? ListIn(ReadOnlySpan<byte> end)
    {
        if (!end.TrimEnd(" \t\r\n"u8).EndsWith("</plist>"u8))
            return end.LastIndexOf(BinaryStart) is >= 0 and var binary ? binary : null;

        // What its values hold of these signs is escaped.
        var list = end.LastIndexOf(ListStart);
        var declaration = list < 0 ? -1 : end[..list].LastIndexOf(XmlStart);
        return declaration >= 0 && list - declaration <= MaxDeclaration ? declaration : list < 0 ? null : list;
    }

    /// <summary>What the flags in a property list say: that somebody has read the message, and that somebody has deleted it.</summary>
    public static (bool IsRead, bool IsDeleted) MarksIn(string list)
    {
        var key = list.IndexOf("<key>flags</key>", StringComparison.Ordinal);
        var start = key < 0 ? -1 : list.IndexOf("<integer>", key, StringComparison.Ordinal);
        var end = start < 0 ? -1 : list.IndexOf('<', start + 1);
        return end > 0 && long.TryParse(list[(start + "<integer>".Length)..end], NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
            ? ((flags & ReadFlag) != 0, (flags & DeletedFlag) != 0)
            : default;
    }
}
