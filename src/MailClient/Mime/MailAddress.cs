using System.Text;

namespace MailClient.Mime;

/// <summary>Addresses as a person types them.</summary>
/// <remarks><code>address = name "@" domain        (RFC 5321 4.1.2, without quoted names and source routes)</code></remarks>
internal static class MailAddress
{
    private const int MaxName = 64;
    private const int MaxDomain = 255;

    /// <summary>Why this is no address that can be written to, in one line, or null when it is one.</summary>
    public static string? Problem(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1 || !IsName(text[..at]) || !IsDomain(text[(at + 1)..]))
            return $"'{TerminalText.Cut(TerminalText.OneLine(text), 80)}' is no address; write it as name@domain";
        return null;
    }

    // No character that ends a path or a line: an address goes into a command as it is.
    private static bool IsName(string name) =>
        Encoding.UTF8.GetByteCount(name) <= MaxName
        && name.All(character => !char.IsWhiteSpace(character) && !char.IsControl(character) && !"()<>[]:;@\\,\"".Contains(character, StringComparison.Ordinal))
        && !name.StartsWith('.') && !name.EndsWith('.') && !name.Contains("..", StringComparison.Ordinal);

    private static bool IsDomain(string domain) =>
        Encoding.UTF8.GetByteCount(domain) <= MaxDomain
        && (domain is ['[', .. var literal, ']'] ? literal.All(IsLiteral) : domain.Split('.').All(IsLabel));

    private static bool IsLiteral(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or ':';

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label.All(character => char.IsLetterOrDigit(character) || character is '-' or '_')
        && !label.StartsWith('-') && !label.EndsWith('-');
}
