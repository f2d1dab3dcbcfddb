using System.Globalization;
using System.Text;

namespace MailClient.Mime;

/// <summary>Dates in header fields (RFC 5322 3.3), with the old forms that are still sent.</summary>
internal static class MailDate
{
    private static readonly string[] Forms =
    [
        "d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz", "d MMM yy HH:mm:ss zzz", "d MMM yy HH:mm zzz", "d MMM yyyy H:mm:ss zzz",
    ];

    private static readonly Dictionary<string, string> Zones = new (string Name, string Offset)[]
    {
        ("UT", "+0000"), ("GMT", "+0000"), ("UTC", "+0000"), ("Z", "+0000"), ("EST", "-0500"), ("EDT", "-0400"),
        ("CST", "-0600"), ("CDT", "-0500"), ("MST", "-0700"), ("MDT", "-0600"), ("PST", "-0800"), ("PDT", "-0700"),
    }.ToDictionary(zone => zone.Name, zone => zone.Offset, StringComparer.OrdinalIgnoreCase);

    /// <summary>The date as a Date field has it.</summary>
    public static string Format(DateTimeOffset date) =>
        date.ToString("ddd, d MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
        + date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);

    /// <summary>The date of a field's value, or null.</summary>
    public static DateTimeOffset? TryParse(string value)
    {
        var words = WithoutComments(value).Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries).ToList();
        if (words is [var weekday, ..] && weekday.All(char.IsLetter))
            words.RemoveAt(0);
        if (words.Count is < 4 or > 5)
            return null;
        var zone = words.Count == 5 ? words[4] : "+0000";
        words = [.. words[..4], Zones.GetValueOrDefault(zone, zone)];
        return DateTimeOffset.TryParseExact(string.Join(' ', words), Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : null;
    }

    private static string WithoutComments(string value)
    {
        var text = new StringBuilder();
        var depth = 0;
        foreach (var character in value.AsSpan(0, Math.Min(value.Length, 256)))
        {
            if (character == '(')
                depth++;
            else if (character == ')' && depth > 0)
                depth--;
            else if (depth == 0)
                text.Append(character);
        }

        return text.ToString();
    }
}
