using System.Globalization;
using System.Text;

namespace MailClient;

/// <summary>
/// Makes text from others safe for a terminal: what could move the cursor, change colours or the title, answer in the
/// user's name, or turn the reading direction around never gets there.
/// </summary>
internal static class TerminalText
{
    private const int Tab = 8;

    /// <summary>The text on one line, with every control character and line end as a blank.</summary>
    public static string OneLine(string text) => Clean(text, isOneLine: true);

    /// <summary>The text with its lines, which end in LF; tabs become blanks, other control characters a replacement mark.</summary>
    public static string Lines(string text) => Clean(text.ReplaceLineEndings("\n"), isOneLine: false);

    /// <summary>The text, cut to so many characters with an ellipsis.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..end] + "…";
    }

    private static string Clean(string text, bool isOneLine)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n' && !isOneLine)
                clean.Append('\n');
            else if (rune.Value == '\t' && !isOneLine)
                clean.Append(' ', Tab - (Column(clean) % Tab));
            else if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029)
                clean.Append(isOneLine ? ' ' : '\uFFFD');
            else if (!IsInvisibleOrder(rune))
                clean.Append(rune.ToString());
        }

        return isOneLine ? clean.ToString().Trim() : clean.ToString();
    }

    // Format characters reorder or hide text; the two joiners are needed by scripts and emoji.
    private static bool IsInvisibleOrder(Rune rune) =>
        rune.Value is not (0x200C or 0x200D or 0xAD) && Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    private static int Column(StringBuilder text)
    {
        // Tab stops matter near the start of a line only; a long line must not make each tab a walk over all of it.
        for (var back = 1; back <= 240 && back <= text.Length; back++)
        {
            if (text[^back] == '\n')
                return back - 1;
        }

        return text.Length <= 240 ? text.Length : 0;
    }
}
