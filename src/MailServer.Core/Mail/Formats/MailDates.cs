using System.Buffers;
using System.Globalization;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// Reads dates as mail has them: RFC 5322 with its obsolete zones, asctime with a zone or without, ISO 8601, and what lies between.
/// Month, day, time, year and zone may come in any order; a date of which one of the first four is missing is none.
/// </summary>
public static class MailDates
{
    // Of the years 1 and 9999 not every hour is a date in every zone.
    private const int FirstYear = 1900;
    private const int LastYear = 9998;

    private static readonly string[] _days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] _months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly SearchValues<char> _clock = SearchValues.Create("0123456789:.");

    // In hours east of Greenwich. Names that stand for several zones have the one that mail had in mind (RFC 5322 4.3).
    private static readonly Dictionary<string, double> _zones = new (string Name, double Offset)[]
    {
        ("UT", 0), ("UTC", 0), ("GMT", 0), ("Z", 0), ("WET", 0), ("WEST", 1), ("BST", 1), ("IST", 5.5),
        ("CET", 1), ("MET", 1), ("MEZ", 1), ("CEST", 2), ("MEST", 2), ("MESZ", 2), ("EET", 2), ("EEST", 3), ("MSK", 3), ("MSD", 4),
        ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7),
        ("AST", -4), ("ADT", -3), ("NST", -3.5), ("NDT", -2.5), ("AKST", -9), ("AKDT", -8), ("HST", -10),
        ("JST", 9), ("KST", 9), ("HKT", 8), ("SGT", 8), ("AEST", 10), ("AEDT", 11), ("NZST", 12), ("NZDT", 13),
    }.ToDictionary(zone => zone.Name, zone => zone.Offset, StringComparer.OrdinalIgnoreCase);

    /// <summary>The date that this text is and nothing else, or null. UTC where no zone is named, or one that nobody knows.</summary>
    public static DateTimeOffset? TryParse(string text) =>
        TryParse(StructuredField.Outline(text).Split([' ', '\t', ',', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>As <see cref="TryParse(string)"/>, of the words of a text.</summary>
    public static DateTimeOffset? TryParse(ReadOnlySpan<string> words)
    {
        var parts = new Parts();
        foreach (var word in words)
        {
            if (!TryTake(word.TrimEnd(','), ref parts))
                return null;
        }

        return parts.ToDate();
    }

    /// <summary>The date that is nearest to this one of those that are read.</summary>
    public static DateTimeOffset Nearest(DateTimeOffset date) =>
        date.UtcDateTime.Year < FirstYear ? new DateTimeOffset(FirstYear, 1, 1, 0, 0, 0, TimeSpan.Zero)
        : date.UtcDateTime.Year > LastYear ? new DateTimeOffset(LastYear, 12, 31, 23, 59, 59, TimeSpan.Zero)
        : date;

    private static bool TryTake(string word, ref Parts parts)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return parts.TryTakeNumber(number, word.Length);
        if (word is ['+' or '-', ..])
            return parts.TryTakeZone(Offset(word));
        if (word.Contains(':', StringComparison.Ordinal) || (word.Contains('-', StringComparison.Ordinal) && char.IsAsciiDigit(word[0])))
            return TryTakeJoined(word, ref parts);
        if (IndexIn(_months, word) is { } month)
            return parts.TryTakeMonth(month + 1);
        if (IndexIn(_days, word) is not null)
            return parts.TryTakeDay();
        if (word.ToUpperInvariant() is "AM" or "PM")
            return parts.TryTakeHalf(char.ToUpperInvariant(word[0]) == 'P');
        if (_zones.TryGetValue(word, out var hours))
            return parts.TryTakeZone(TimeSpan.FromHours(hours), isName: true);
        // Of other names of zones it is known only that they are in capitals.
        return word is "DST" || (word.Length is > 0 and <= 5 && word.All(char.IsAsciiLetterUpper) && parts.TryTakeZone(TimeSpan.Zero, isName: true));
    }

    // 04:37:23, 4:37pm, 04:37:23Z, 21-Nov-2026, 2026-11-21, 2026-11-21T04:37:23+01:00, GMT+01:00.
    private static bool TryTakeJoined(string word, ref Parts parts)
    {
        if (word.IndexOf('T', StringComparison.Ordinal) is > 0 and var between && char.IsAsciiDigit(word[between - 1]))
            return TryTakeJoined(word[..between], ref parts) && TryTakeJoined(word[(between + 1)..], ref parts);
        if (word.StartsWith("GMT", StringComparison.Ordinal) || word.StartsWith("UTC", StringComparison.Ordinal))
            return parts.TryTakeZone(Offset(word[3..]));
        if (!word.Contains(':', StringComparison.Ordinal))
            return TryTakeDashed(word.Split('-'), ref parts);
        var end = word.AsSpan().IndexOfAnyExcept(_clock);
        var zone = end < 0 ? "" : word[end..];
        return TryTime(end < 0 ? word : word[..end]) is { } time && parts.TryTakeTime(time)
            && (zone.Length == 0 || TryTake(zone, ref parts));
    }

    private static bool TryTakeDashed(string[] words, ref Parts parts) => words switch
    {
        // Year, month, day in digits.
        [{ Length: 4 } year, { Length: 2 } month, { Length: 2 } day] =>
            int.TryParse(month, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && TryTake(day, ref parts) && parts.TryTakeMonth(number) && TryTake(year, ref parts),
        [var day, var month, var year] => IndexIn(_months, month) is not null && TryTake(day, ref parts) && TryTake(month, ref parts) && TryTake(year, ref parts),
        _ => false,
    };

    // A leap second is the one before.
    private static TimeSpan? TryTime(string word)
    {
        var numbers = word.Split('.')[0].Split(':');
        var fraction = word.Split('.') is [_, var digits] ? digits : "0";
        if (numbers.Length is not (2 or 3)
            || !numbers.All(number => number.Length is 1 or 2 && number.All(char.IsAsciiDigit))
            || !double.TryParse("0." + fraction, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part))
        {
            return null;
        }

        var values = Array.ConvertAll(numbers, number => int.Parse(number, CultureInfo.InvariantCulture));
        var second = values.Length == 3 ? values[2] : 0;
        return values[0] > 23 || values[1] > 59 || second > 60
            ? null
            : new TimeSpan(0, values[0], values[1], Math.Min(second, 59), (int)(part * 1000));
    }

    // +0100, +01:00, -5.
    private static TimeSpan? Offset(string word)
    {
        if (word is not (['+' or '-', .. var digits] and { Length: > 1 }))
            return null;
        digits = digits.Replace(":", "", StringComparison.Ordinal);
        digits = digits.Length <= 2 ? digits + "00" : digits;
        if (digits.Length > 4 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var offset = new TimeSpan(number / 100, number % 100, 0);
        return number % 100 < 60 && offset <= TimeSpan.FromHours(14) ? (word[0] == '-' ? -offset : offset) : null;
    }

    private static int? IndexIn(string[] names, string word)
    {
        for (var i = 0; i < names.Length; i++)
        {
            // Sat, Saturday, Sept.
            if (word.Length >= 3 && names[i].StartsWith(word.TrimEnd('.'), StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return null;
    }

    /// <summary>What is known of a date; nothing may come twice.</summary>
    private struct Parts
    {
        private int? _month;
        private int? _day;
        private int? _year;
        private TimeSpan? _time;
        private TimeSpan? _zone;
        private bool _isZoneNamed;
        private bool _hasWeekday;
        private bool? _isAfternoon;

        public bool TryTakeNumber(int number, int digits)
        {
            if (digits == 4)
                return _year is null && (_year = number) is not null;
            if (digits <= 2 && _day is null)
                return (_day = number) is not null;
            if (digits > 3 || _year is not null)
                return false;
            // RFC 5322 4.3.
            _year = number + (digits == 2 && number < 50 ? 2000 : 1900);
            return true;
        }

        public bool TryTakeMonth(int month) => _month is null && (_month = month) is not null;

        public bool TryTakeDay() => !_hasWeekday && (_hasWeekday = true);

        public bool TryTakeTime(TimeSpan time) => _time is null && (_time = time) is not null;

        public bool TryTakeHalf(bool isAfternoon) => _isAfternoon is null && (_isAfternoon = isAfternoon) is not null;

        // Digits overrule a name, which may stand beside them.
        public bool TryTakeZone(TimeSpan? zone, bool isName = false)
        {
            if (zone is null || (_zone is not null && isName == _isZoneNamed))
                return false;
            if (_zone is null || !isName)
                _zone = zone;
            _isZoneNamed |= isName;
            return true;
        }

        public readonly DateTimeOffset? ToDate()
        {
            if (_month is not (>= 1 and <= 12) || _day is not >= 1 || _time is not { } time || _year is not (>= FirstYear and <= LastYear) || _day > DateTime.DaysInMonth(_year.Value, _month.Value))
                return null;
            if (_isAfternoon is { } isAfternoon)
            {
                if (time.Hours is 0 or > 12)
                    return null;
                time += TimeSpan.FromHours((time.Hours == 12 ? -12 : 0) + (isAfternoon ? 12 : 0));
            }

            return new DateTimeOffset(new DateTime(_year.Value, _month.Value, _day.Value, 0, 0, 0, DateTimeKind.Unspecified) + time, _zone ?? TimeSpan.Zero);
        }
    }
}
