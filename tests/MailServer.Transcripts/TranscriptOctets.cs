using System.Globalization;
using System.Text;

namespace MailServer.Transcripts;

/// <summary>Octets as the files write them and as failures show them. In memory a line is Latin-1: one character an octet.</summary>
internal static class TranscriptOctets
{
    /// <summary>The octets of literal text: UTF-8.</summary>
    public static byte[] OfText(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The octets of text with <c>\r \n \0 \t \\ \{ \xNN</c> and <c>{text*times}</c>.</summary>
    public static byte[] OfEscaped(string text)
    {
        var octets = new List<byte>();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '{')
            {
                Append(text, ref i, octets);
                continue;
            }

            var star = text.IndexOf('*', i);
            var end = text.IndexOf('}', i);
            if (star < 0 || end < star || !int.TryParse(text[(star + 1)..end], NumberStyles.None, CultureInfo.InvariantCulture, out var times))
                throw new FormatException("A repetition is written {text*times}; a lone brace is \\{");
            var unit = OfEscaped(text[(i + 1)..star]);
            for (var n = 0; n < times; n++)
                octets.AddRange(unit);
            i = end + 1;
        }

        return [.. octets];
    }

    public static string ToLatin(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    /// <summary>A line for people: UTF-8 as text, other octets and control characters escaped, long runs cut.</summary>
    public static string Shown(ReadOnlySpan<byte> octets)
    {
        var shown = new StringBuilder();
        while (octets.Length > 0 && shown.Length < 200)
        {
            var isText = Rune.DecodeFromUtf8(octets, out var rune, out var used) == System.Buffers.OperationStatus.Done;
            for (var i = 0; !isText && i < used; i++)
                shown.Append(CultureInfo.InvariantCulture, $"\\x{octets[i]:X2}");
            if (isText)
                shown.Append(Shown(rune));
            octets = octets[used..];
        }

        return octets.Length == 0 ? shown.ToString() : string.Create(CultureInfo.InvariantCulture, $"{shown} ... and {octets.Length} octets more");
    }

    /// <inheritdoc cref="Shown(ReadOnlySpan{byte})"/>
    public static string Shown(string latin) => Shown(Encoding.Latin1.GetBytes(latin));

    private static string Shown(Rune rune) => rune.Value switch
    {
        '\r' => "\\r",
        '\n' => "\\n",
        '\t' => "\\t",
        '\0' => "\\0",
        '\\' => "\\\\",
        _ when Rune.IsControl(rune) => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"),
        _ => rune.ToString(),
    };

    private static void Append(string text, ref int i, List<byte> octets)
    {
        if (text[i] != '\\')
        {
            _ = Rune.TryGetRuneAt(text, i, out var rune);
            octets.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
            i += rune.Utf16SequenceLength;
            return;
        }

        var escape = i + 1 < text.Length ? text[i + 1] : ' ';
        if (escape == 'x')
        {
            octets.Add(byte.Parse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += 4;
            return;
        }

        octets.Add(escape switch
        {
            'r' => (byte)'\r',
            'n' => (byte)'\n',
            't' => (byte)'\t',
            '0' => 0,
            '\\' or '{' or '}' => (byte)escape,
            _ => throw new FormatException("The escapes are \\r \\n \\t \\0 \\\\ \\{ \\} and \\xNN"),
        });
        i += 2;
    }
}
