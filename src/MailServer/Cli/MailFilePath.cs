using System.Globalization;
using System.Text;

namespace MailServer.Cli;

/// <summary>Resolves the paths of files that users or other programs named, and makes them safe to show.</summary>
internal static class MailFilePath
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    private static readonly char[] _separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>
    /// The one path of a file that many may lead to, without symbolic links. Further names of a file (hard links) are other paths. What cannot be
    /// looked at is taken for no link.
    /// </summary>
    public static string RealOf(string path)
    {
        // Behind a link, .. leads to where the link does, so that it cannot be taken away before.
        var full = Path.Combine(Environment.CurrentDirectory, path);
        var real = Path.GetPathRoot(full)!;
        var (rest, links) = (new Stack<string>(), 0);
        Push(full[real.Length..]);
        while (rest.TryPop(out var part))
        {
            var next = part == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, part);
            if (part == ".." || links == MaxLinks || LinkAt(next) is not { } target)
            {
                real = next;
                continue;
            }

            links++;
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            Push(Path.IsPathRooted(target) ? target[real.Length..] : target);
        }

        return real;

        void Push(string parts)
        {
            foreach (var part in parts.Split(_separators, StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse())
                rest.Push(part);
        }
    }

    /// <summary>What a link leads to, as it says itself; null for everything else.</summary>
    public static string? LinkAt(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A text with names of files in it as it can be shown on a terminal: nothing in it moves the cursor, ends a line or turns what follows around.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var sign in text)
        {
            if (char.GetUnicodeCategory(sign) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)sign:X4}");
            else
                shown.Append(sign);
        }

        return shown.ToString();
    }
}
