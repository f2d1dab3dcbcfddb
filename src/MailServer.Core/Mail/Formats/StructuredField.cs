using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>What stands in a structured field outside of its comments and quoted strings (RFC 5322 3.2.2, 3.2.4). Linear in its length.</summary>
/// <remarks>
/// <code>
/// comment       = "(" *( any / "\" any / comment ) ")"
/// quoted-string = DQUOTE *( any / "\" any ) DQUOTE
/// </code>
/// One that nobody has closed reaches to the end.
/// </remarks>
internal static class StructuredField
{
    /// <summary>The text with a blank for each comment, and a single quote sign for each quoted string.</summary>
    public static string Outline(string text)
    {
        if (text.AsSpan().IndexOfAny('(', '"') < 0)
            return text;
        var outline = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            outline.Append(text[i] == '(' ? ' ' : text[i]);
            if (text[i] == '(')
                i = EndOfComment(text, i);
            else if (text[i] == '"')
                i = QuotedLength(text.AsSpan(i)) is > 0 and var length ? i + length - 1 : text.Length;
        }

        return outline.ToString();
    }

    private static int EndOfComment(string text, int start)
    {
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '(')
                depth++;
            else if (text[i] == ')' && --depth == 0)
                return i;
        }

        return text.Length;
    }

    /// <summary>The length of the quoted string that a text begins with, its signs included; 0 when it begins with none, or nobody has closed it.</summary>
    public static int QuotedLength(ReadOnlySpan<char> text)
    {
        if (text is not ['"', ..])
            return 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i + 1;
        }

        return 0;
    }
}
