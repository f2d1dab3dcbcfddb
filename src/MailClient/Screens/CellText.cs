using System.Text;
using Spectre.Console.Rendering;

namespace MailClient.Screens;

/// <summary>Text by the columns that it takes on a terminal: letters of some scripts, and emoji, take two.</summary>
internal static class CellText
{
    /// <summary>The text cut to a width, with an ellipsis.</summary>
    public static string Fit(string text, int width)
    {
        if (width <= 0)
            return "";
        var fitting = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var columns = Columns(rune);
            if (used + columns > width)
            {
                while (used > width - 1 && fitting.Length > 0)
                {
                    Rune.DecodeLastFromUtf16(fitting.ToString(), out var last, out var length);
                    fitting.Length -= length;
                    used -= Columns(last);
                }

                return fitting.Append('…').ToString();
            }

            fitting.Append(rune.ToString());
            used += columns;
        }

        return fitting.ToString();
    }

    /// <summary>The text cut or filled with blanks to a width.</summary>
    public static string Pad(string text, int width)
    {
        var fitting = Fit(text, width);
        return fitting + new string(' ', Math.Max(0, width - fitting.EnumerateRunes().Sum(Columns)));
    }

    /// <summary>The lines of a text, broken between words where they are wider than this.</summary>
    public static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
            WrapLine(line, width, lines);
        return lines;
    }

    private static void WrapLine(string line, int width, List<string> lines)
    {
        var (start, used, blank) = (0, 0, -1);
        var position = 0;
        while (position < line.Length)
        {
            Rune.DecodeFromUtf16(line.AsSpan(position), out var rune, out var length);
            var columns = Columns(rune);
            if (used + columns > width && position > start)
            {
                var end = blank > start ? blank : position;
                lines.Add(line[start..end]);
                start = blank > start ? blank + 1 : position;

                // At most one line's width is walked again for each line.
                (position, used, blank) = (start, 0, -1);
                continue;
            }

            if (rune.Value == ' ')
                blank = position;
            used += columns;
            position += length;
        }

        lines.Add(line[start..]);
    }

    private static int Columns(Rune rune) => rune.IsAscii ? 1 : Math.Max(0, new Segment(rune.ToString()).CellCount());
}
