using System.Globalization;

namespace MailServer.Core.Smtp;

/// <summary>A parameter of MAIL or RCPT: <c>keyword ["=" value]</c> (RFC 5321 4.1.2).</summary>
/// <param name="Keyword">In upper case.</param>
/// <param name="Value">Null when there is no <c>=</c>.</param>
public readonly record struct EsmtpParameter(string Keyword, string? Value)
{
    /// <summary>Reads one parameter into a value that is being built. Null when it is right, else the refusal.</summary>
    internal delegate SmtpReply? Reader<in T>(T into, string? value);

    /// <summary>Reads the text behind a path: every keyword is known, and stands once. Null when all is right, else the first refusal.</summary>
    internal static SmtpReply? Read<T>(string text, IReadOnlyDictionary<string, Reader<T>> readers, T into)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var (keyword, value) = Split(word);
            if (keyword.Length == 0)
                return SmtpReplies.BadParameter("A parameter begins with its name, as in SIZE=1000");
            if (!readers.TryGetValue(keyword, out var read))
                return SmtpReplies.UnknownParameter(keyword);
            if (!seen.Add(keyword))
                return SmtpReplies.BadParameter($"The parameter {keyword} may stand only once");
            if (read(into, value) is { } refusal)
                return refusal;
        }

        return null;
    }

    /// <summary>The text that xtext stands for, or null when it is not well-formed.</summary>
    /// <remarks>
    /// <code>xtext = *( xchar / hexchar ), hexchar = "+" 2HEXDIG (RFC 3461 4)</code>
    /// What it hides must be printable too: a newline behind +0A reached a header elsewhere (CVE-2020-28026).
    /// </remarks>
    internal static string? FromXtext(string? value)
    {
        if (value is null or "")
            return null;
        var text = new char[value.Length];
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is > ' ' and <= '~' and not ('+' or '='))
            {
                text[length++] = value[i];
                continue;
            }

            if (value[i] != '+' || i + 3 > value.Length
                || !byte.TryParse(value.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
                || octet is < 0x20 or > 0x7E)
            {
                return null;
            }

            text[length++] = (char)octet;
            i += 2;
        }

        return new(text, 0, length);
    }

    internal static SmtpReply BadXtext(string keyword) => SmtpReplies.BadParameter($"{keyword} is xtext: printable ASCII, with + and = as +2B and +3D");

    private static EsmtpParameter Split(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(word.ToUpperInvariant(), null) : new(word[..equals].ToUpperInvariant(), word[(equals + 1)..]);
    }
}
