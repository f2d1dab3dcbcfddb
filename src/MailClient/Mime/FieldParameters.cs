using System.Text;
using MailServer.Core.Mail;

namespace MailClient.Mime;

/// <summary>
/// The value and the parameters of a Content-Type or Content-Disposition field (RFC 2045 5.1), with charsets and
/// continuations put together (RFC 2231). Linear in the field's length.
/// </summary>
/// <remarks><code>
/// field     = value *( ";" attribute "=" ( token / quoted-string ) )
/// attribute = name [ "*" section ] [ "*" ]
/// </code></remarks>
internal sealed class FieldParameters
{
    // More than any sender uses; what lies behind is not looked at.
    private const int MaxParameters = 256;

    private readonly Dictionary<string, string> _plain = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SortedDictionary<int, (string Text, bool IsEncoded)>> _sections = new(StringComparer.OrdinalIgnoreCase);

    private FieldParameters(string value) => Value = value;

    /// <summary>What stands before the first semicolon, in lower case.</summary>
    public string Value { get; }

    /// <summary>Reads a field's unfolded value.</summary>
    public static FieldParameters Parse(string field)
    {
        var position = 0;
        var parameters = new FieldParameters(TakeUntil(field, ref position, ";").Trim().ToLowerInvariant());
        for (var count = 0; position < field.Length && count < MaxParameters; count++)
        {
            position++;
            var name = TakeUntil(field, ref position, "=;").Trim();
            if (position >= field.Length || field[position] != '=')
                continue;
            position++;
            parameters.Add(name, TakeValue(field, ref position));
            TakeUntil(field, ref position, ";");
        }

        return parameters;
    }

    /// <summary>The value of a parameter, or null; its characters are those of the sender and may be anything.</summary>
    public string? Find(string name)
    {
        if (!_sections.TryGetValue(name, out var sections))
            return _plain.TryGetValue(name, out var plain) ? EncodedWord.Decode(plain) : null;

        string? charset = null;
        var octets = new List<byte>();
        var expected = 0;
        foreach (var (number, (text, isEncoded)) in sections)
        {
            if (number != expected++)
                break;
            AddSection(octets, text, isEncoded, isFirst: number == 0, ref charset);
        }

        return Charsets.Decode([.. octets], charset);
    }

    private static void AddSection(List<byte> octets, string text, bool isEncoded, bool isFirst, ref string? charset)
    {
        var rest = text.AsSpan();
        if (isEncoded && isFirst && text.Split('\'', 3) is [var named, _, var value])
        {
            charset = named.Length == 0 ? null : named;
            rest = value;
        }

        while (!rest.IsEmpty)
        {
            if (isEncoded && rest is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
            {
                octets.AddRange(Convert.FromHexString(rest.Slice(1, 2)));
                rest = rest[3..];
                continue;
            }

            var next = isEncoded ? rest[1..].IndexOf('%') : -1;
            var piece = next < 0 ? rest : rest[..(next + 1)];
            octets.AddRange(Encoding.UTF8.GetBytes(piece.ToString()));
            rest = rest[piece.Length..];
        }
    }

    private void Add(string attribute, string value)
    {
        // The first of two wins, so that nobody can overrule what a filter on the way has seen.
        var isEncoded = attribute.EndsWith('*');
        var name = isEncoded ? attribute[..^1] : attribute;
        var star = name.IndexOf('*', StringComparison.Ordinal);
        var number = 0;
        if (star >= 0 && !int.TryParse(name.AsSpan(star + 1), System.Globalization.NumberStyles.None, null, out number))
            return;
        if (star < 0 && !isEncoded)
        {
            _plain.TryAdd(name, value);
            return;
        }

        var key = star < 0 ? name : name[..star];
        if (!_sections.TryGetValue(key, out var sections))
            _sections[key] = sections = [];
        sections.TryAdd(number, (value, isEncoded));
    }

    private static string TakeValue(string field, ref int position)
    {
        while (position < field.Length && char.IsWhiteSpace(field[position]))
            position++;
        if (position >= field.Length || field[position] != '"')
            return TakeUntil(field, ref position, ";").Trim();

        var text = new StringBuilder();
        for (position++; position < field.Length && field[position] != '"'; position++)
        {
            if (field[position] == '\\' && position + 1 < field.Length)
                position++;
            text.Append(field[position]);
        }

        position = Math.Min(position + 1, field.Length);
        return text.ToString();
    }

    private static string TakeUntil(string field, ref int position, string ends)
    {
        var start = position;
        var length = field.AsSpan(start).IndexOfAny(ends);
        position = length < 0 ? field.Length : start + length;
        return field[start..position];
    }
}
