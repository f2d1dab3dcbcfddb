using System.Text;

namespace MailServer.Core.Wire;

/// <summary>What of a stranger's text a row, a log line or a terminal may show.</summary>
public static class PrintableText
{
    /// <summary>False for controls, line ends of Unicode, and marks that turn the direction of what follows them.</summary>
    public static bool IsPrintable(Rune rune) =>
        !Rune.IsControl(rune) && rune.Value is not (0x061C or 0x200E or 0x200F or (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069));

    /// <summary>The text with <paramref name="mark"/> in the place of whatever is not printable.</summary>
    public static string Of(string text, char mark)
    {
        if (text.EnumerateRunes().All(IsPrintable))
            return text;
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            printable.Append(IsPrintable(rune) ? rune.ToString() : mark.ToString());
        return printable.ToString();
    }
}
