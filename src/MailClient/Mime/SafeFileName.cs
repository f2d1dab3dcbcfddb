using System.Globalization;
using System.Text;

namespace MailClient.Mime;

/// <summary>Makes a file name out of what a sender or a server wrote, and never anything but a name in the chosen folder.</summary>
internal static class SafeFileName
{
    // Room for a number and for file systems that allow 255 octets.
    private const int MaxOctets = 180;

    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>A name that is safe on every system, also for a file that is moved to another.</summary>
    /// <param name="otherwise">The name where nothing of the wish remains.</param>
    /// <param name="extension">What is put behind the name, if it is not part of the wish.</param>
    public static string From(string? wish, string otherwise, string extension = "")
    {
        // The last segment of a path, whichever system wrote it.
        var segment = (wish ?? "")[((wish ?? "").LastIndexOfAny(['/', '\\']) + 1)..];
        var name = new StringBuilder();
        foreach (var rune in segment.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                continue;
            name.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' or 0xFFFD ? "_" : rune.ToString());
        }

        // A leading dot hides a file or configures a shell; a trailing dot or blank means another file on Windows.
        var safe = Shorten(name.ToString().Trim().TrimStart('.').TrimEnd('.', ' ').TrimStart());
        if (safe.Length == 0)
            return otherwise + extension;
        return Devices.Contains(safe.Split('.')[0].TrimEnd()) || safe.StartsWith('-') ? $"_{safe}{extension}" : safe + extension;
    }

    /// <summary>
    /// A new file in the folder, under this name or the name with a number: a file that is there already is never
    /// written over, and a link never followed.
    /// </summary>
    public static FileStream Create(string folder, string name)
    {
        for (var number = 1; ; number++)
        {
            var numbered = number == 1 ? name : $"{Path.GetFileNameWithoutExtension(name)} ({number}){Path.GetExtension(name)}";
            var path = Path.Combine(folder, numbered);
            try
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            }
            catch (IOException) when (number < 1_000 && (File.Exists(path) || Directory.Exists(path)))
            {
                // Taken: the next number.
            }
        }
    }

    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxOctets)
            return name;
        var extension = Path.GetExtension(name);
        if (Encoding.UTF8.GetByteCount(extension) > 20)
            extension = "";
        var stem = new StringBuilder();
        var room = MaxOctets - Encoding.UTF8.GetByteCount(extension);
        foreach (var rune in name[..^extension.Length].EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0)
                break;
            stem.Append(rune.ToString());
        }

        return stem.ToString().TrimEnd('.', ' ') + extension;
    }
}
