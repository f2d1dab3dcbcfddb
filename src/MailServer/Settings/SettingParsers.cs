using System.Globalization;
using MailServer.Core.Accounts;

namespace MailServer.Settings;

/// <summary>From the text of a setting to its value. Each throws <see cref="SettingFault"/> that says what would be right.</summary>
internal static class SettingParsers
{
    private const int MaxDomain = 255;

    /// <summary>The name of a file or folder.</summary>
    public static string FileName(string text) => text.Length == 0 ? throw new SettingFault("it must not be empty")
        : text.Contains('\0', StringComparison.Ordinal) ? throw new SettingFault("no name of a file holds a NUL")
        : text;

    public static bool IsHostname(string text) =>
        text.Length is > 0 and <= MaxDomain && text.Split('.').All(label => label.Length > 0 && label.All(IsInLabel));

    public static string Hostname(string text) =>
        IsHostname(text) ? text : throw new SettingFault("write a name of ASCII letters, digits, hyphens and dots");

    // A domain may be one of SMTPUTF8 (RFC 6531), unlike what we call ourselves.
    public static string Domain(string text) =>
        IsHostname(string.Concat(text.TrimEnd('.').Select(c => IsLetterOrMark(c) ? 'x' : c)))
            ? text.TrimEnd('.')
            : throw new SettingFault("write a domain of letters, digits, hyphens and dots");

    /// <summary>An account's name, or null for nothing.</summary>
    public static AccountName? Account(string text)
    {
        if (text.Length == 0)
            return null;
        return AccountName.TryParse(text, out var problem) ?? throw new SettingFault($"write an account's name. {problem}");
    }

    public static bool Flag(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new SettingFault("choose true or false"),
    };

    /// <summary>A member of an enumeration, in lower case.</summary>
    public static T Choice<T>(string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Word(value) == text)
                return value;
        }

        throw new SettingFault($"choose one of {string.Join(", ", Enum.GetValues<T>().Select(Word))}");
    }

    /// <summary>The word for a member of an enumeration.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static Func<string, int> Number(int min, int max) => text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new SettingFault($"write a number from {min} to {max}");

    /// <summary>Octets, where k and M stand for 1,024 and 1,048,576.</summary>
    public static Func<string, long> Size(long min, long max) => text =>
    {
        var (digits, unit) = text switch
        {
            [.. var head, 'k' or 'K'] => (head, 1024L),
            [.. var head, 'm' or 'M'] => (head, 1024L * 1024),
            _ => (text, 1L),
        };
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= max / unit
            && count * unit >= min
                ? count * unit
                : throw new SettingFault($"write octets from {min} to {max}, such as 65536, 64k or 50M");
    };

    /// <summary>A time of at least a second: seconds, or a number with s, m or h.</summary>
    public static TimeSpan Time(string text)
    {
        var (digits, unit) = text switch
        {
            [.. var head, 's'] => (head, 1),
            [.. var head, 'm'] => (head, 60),
            [.. var head, 'h'] => (head, 3600),
            _ => (text, 1),
        };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0
            && count <= TimeSpan.SecondsPerDay / unit
                ? TimeSpan.FromSeconds(count * unit)
                : throw new SettingFault("write a time from 1s to 24h, such as 90s, 5m or 1h");
    }

    // Marks are parts of letters, in many scripts and in decomposed ones.
    private static bool IsLetterOrMark(char c) =>
        char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsInLabel(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
