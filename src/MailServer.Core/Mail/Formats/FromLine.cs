using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>The line above every message of an mbox (RFC 4155), in the many ways in which it is written.</summary>
/// <param name="Sender">The reverse path, or what stands in its place; may be empty.</param>
/// <param name="Date">When the message was delivered; UTC where no zone is named.</param>
public sealed record FromLine(string Sender, DateTimeOffset? Date)
{
    private const string Nobody = "MAILER-DAEMON";

    private static readonly string[] _days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    private static readonly string[] _months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>What every such line begins with.</summary>
    public static ReadOnlySpan<byte> Start => "From "u8;

    /// <summary>The sender where it is an address that can stand in a Return-Path, or null.</summary>
    public string? Address =>
        Sender.Contains('@', StringComparison.Ordinal) && Sender.All(c => c is > ' ' and < '\x7F' and not ('<' or '>')) ? Sender : null;

    /// <summary>Reads a line that begins with <see cref="Start"/>, without its end.</summary>
    public static FromLine Parse(ReadOnlySpan<byte> line)
    {
        var words = Encoding.Latin1.GetString(line[Start.Length..]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            // The weekday begins the date; a sender may hold blanks, and may be missing.
            if (_days.Contains(words[i].TrimEnd(','), StringComparer.OrdinalIgnoreCase) && TryDate(words.AsSpan(i + 1)) is { } date)
                return new FromLine(string.Join(' ', words.Take(i)), date);
        }

        return new FromLine(words.FirstOrDefault(""), null);
    }

    /// <summary>The line without its end.</summary>
    public static string Format(string? address, DateTimeOffset date) =>
        $"From {address ?? Nobody} {date.UtcDateTime.ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)}";

    // Month, day, time and year in any order; a zone in digits counts wherever it stands, and any other word is a zone's name.
    private static DateTimeOffset? TryDate(ReadOnlySpan<string> words)
    {
        int? month = null, day = null, year = null;
        TimeSpan? time = null;
        var zone = TimeSpan.Zero;
        foreach (var word in words)
        {
            if (TimeSpan.TryParseExact(word, [@"h\:m\:s", @"h\:m"], CultureInfo.InvariantCulture, out var clock))
                time ??= clock;
            else if (word is ['+' or '-', _, _, _, _] && TryZone(word) is { } offset)
                zone = offset;
            else if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                _ = word.Length == 4 ? year ??= number : day ??= number;
            else if (Array.FindIndex(_months, name => name.Equals(word, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index)
                month ??= index + 1;
        }

        if (month is null || day is null or < 1 || time is null || year is null or < 1900 || day > DateTime.DaysInMonth(year.Value, month.Value))
            return null;
        return new DateTimeOffset(new DateTime(year.Value, month.Value, day.Value, 0, 0, 0, DateTimeKind.Unspecified) + time.Value, zone);
    }

    private static TimeSpan? TryZone(string word) =>
        int.TryParse(word.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
        && int.TryParse(word.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && hours <= 14 && minutes < 60 && (hours < 14 || minutes == 0)
            ? (word[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0)
            : null;
}
