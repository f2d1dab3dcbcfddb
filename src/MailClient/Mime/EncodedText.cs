using System.Text;

namespace MailClient.Mime;

/// <summary>Writes text into a header field: folded, and as encoded words where it is not plain ASCII (RFC 2047).</summary>
internal static class EncodedText
{
    // RFC 5322 2.1.1 asks for lines of at most 78 characters.
    private const int LineLength = 76;

    // "=?utf-8?B?" and "?=" leave 63 of an encoded word's 75 characters: 45 octets in base64.
    private const int WordOctets = 45;

    /// <summary>The field's value, with the folds between its lines.</summary>
    /// <param name="used">Characters on the first line already: the field's name.</param>
    public static string Encode(string text, int used)
    {
        var words = text.Split(' ');
        if (!words.All(IsPlain) || text.Contains("=?", StringComparison.Ordinal))
            return Words(text);
        var folded = new StringBuilder(words[0]);
        var column = used + words[0].Length;
        foreach (var word in words.Skip(1))
        {
            if (column + word.Length >= LineLength)
            {
                folded.Append("\r\n");
                column = 0;
            }

            folded.Append(' ').Append(word);
            column += word.Length + 1;
        }

        return folded.ToString();
    }

    // No empty word either: blanks at the edges and in rows do not survive a fold.
    private static bool IsPlain(string word) => word.Length is > 0 and < LineLength - 20 && word.All(character => character is > ' ' and < '\x7F');

    private static string Words(string text)
    {
        var words = new List<string>();
        var octets = new List<byte>();
        Span<byte> encoded = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(encoded);
            if (octets.Count + length > WordOctets)
                EndWord();
            octets.AddRange(encoded[..length]);
        }

        if (octets.Count > 0)
            EndWord();
        return string.Join("\r\n ", words);

        void EndWord()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. octets])}?=");
            octets.Clear();
        }
    }
}
