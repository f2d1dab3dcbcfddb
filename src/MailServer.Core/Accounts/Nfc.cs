using System.Globalization;
using System.Text;

namespace MailServer.Core.Accounts;

/// <summary>
/// Unicode's normalization form C (UAX 15). The library's own needs ICU, and without it gives every text back as it is, so that one
/// name would be two accounts, or one, by what happens to be installed.
/// </summary>
public static class Nfc
{
    // Below this nothing combines and nothing is put together.
    private const char FirstOfInterest = '\u0300';

    // Hangul syllables are made by arithmetic (Unicode 3.12).
    private const int SBase = 0xAC00;
    private const int LBase = 0x1100;
    private const int VBase = 0x1161;
    private const int TBase = 0x11A7;
    private const int LCount = 19;
    private const int VCount = 21;
    private const int TCount = 28;

    private static readonly Lazy<Tables> _tables = new(Tables.Read);

    /// <summary>The text in form C. What is no Unicode in it becomes U+FFFD.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstOfInterest, char.MaxValue))
            return text;
        var points = new List<(int Point, int Class)>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        return Compose(points);
    }

    // Appends a character's parts, and moves each mark before those of a higher class.
    private static void Decompose(int point, List<(int Point, int Class)> points)
    {
        if (point is >= SBase and < SBase + (LCount * VCount * TCount))
        {
            var (lead, rest) = Math.DivRem(point - SBase, VCount * TCount);
            var (vowel, tail) = Math.DivRem(rest, TCount);
            points.Add((LBase + lead, 0));
            points.Add((VBase + vowel, 0));
            if (tail > 0)
                points.Add((TBase + tail, 0));
        }
        else if (_tables.Value.Parts.TryGetValue(point, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, points);
        }
        else
        {
            var combining = _tables.Value.Classes.GetValueOrDefault(point);
            var place = points.Count;
            while (combining > 0 && place > 0 && points[place - 1].Class > combining)
                place--;
            points.Insert(place, (point, combining));
        }
    }

    // Puts each character together with the last one of class 0, unless something of its own class or a higher one stands between.
    private static string Compose(List<(int Point, int Class)> points)
    {
        var composed = new List<int>(points.Count);
        var (starter, lastClass) = (-1, 0);
        foreach (var (point, combining) in points)
        {
            var isBlocked = starter < 0 || (starter < composed.Count - 1 && lastClass >= combining);
            if (!isBlocked && Pair(composed[starter], point) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (combining == 0)
                starter = composed.Count;
            composed.Add(point);
            lastClass = combining;
        }

        var text = new StringBuilder(composed.Count);
        foreach (var point in composed)
            text.Append(new Rune(point).ToString());
        return text.ToString();
    }

    private static int? Pair(int first, int second) => (first, second) switch
    {
        ( >= LBase and < LBase + LCount, >= VBase and < VBase + VCount) => SBase + ((((first - LBase) * VCount) + second - VBase) * TCount),
        ( >= SBase and < SBase + (LCount * VCount * TCount), > TBase and < TBase + TCount) when (first - SBase) % TCount == 0 => first + second - TBase,
        _ => _tables.Value.Wholes.TryGetValue((first, second), out var whole) ? whole : null,
    };

    private sealed record Tables(Dictionary<int, int[]> Parts, Dictionary<(int First, int Second), int> Wholes, Dictionary<int, int> Classes)
    {
        public static Tables Read()
        {
            var tables = new Tables([], [], []);
            var next = 0;
            foreach (var word in Words(NfcTable.Mappings))
            {
                var colon = word.IndexOf(':', StringComparison.Ordinal);
                var point = colon < 0 ? next : Number(word[..colon]);
                var mapping = word[(colon + 1)..];
                var parts = mapping.TrimStart('!').Split('+').Select(Number).ToArray();
                tables.Parts.Add(point, parts);
                if (mapping[0] != '!')
                    tables.Wholes.Add((parts[0], parts[1]), point);
                next = point + 1;
            }

            foreach (var word in Words(NfcTable.Classes))
            {
                var sides = word.Split(':');
                var ends = sides[0].Split('-');
                for (var point = Number(ends[0]); point <= Number(ends[^1]); point++)
                    tables.Classes.Add(point, int.Parse(sides[1], CultureInfo.InvariantCulture));
            }

            return tables;
        }

        private static string[] Words(string text) => text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

        private static int Number(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
