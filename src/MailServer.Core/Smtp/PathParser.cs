using System.Buffers;
using MailServer.Core.Accounts;
using MailServer.Core.Routing;

namespace MailServer.Core.Smtp;

/// <summary>
/// Reads the path of MAIL and RCPT. Strict where a trick could hide, lenient where clients are known to be sloppy:
/// blanks around the keyword, no brackets, odd local parts of foreign senders, a dot behind the domain.
/// </summary>
/// <remarks>
/// RFC 5321 4.1.2:
/// <code>
/// Path       = "&lt;" [ A-d-l ":" ] Mailbox "&gt;"
/// A-d-l      = At-domain *( "," At-domain )
/// Mailbox    = Local-part "@" ( Domain / address-literal )
/// Local-part = Dot-string / Quoted-string
/// </code>
/// </remarks>
public static class PathParser
{
    /// <summary>The longest path in characters; RFC 5321 4.5.3.1.3 asks for 256. It keeps Return-Path under 998 octets.</summary>
    public const int MaxLength = 320;

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" @<>()[]:;,\"\\\t");
    private static readonly SearchValues<char> InKeyword = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> NotInLiteral = SearchValues.Create(" []<>\\\t");
    private static readonly SearchValues<char> NotInDomain = SearchValues.Create(" <>()[]:;,\"\\@\t%!");

    /// <summary>Reads <c>FROM:&lt;path&gt; parameters</c>.</summary>
    /// <param name="argument">What follows the verb.</param>
    /// <param name="keyword">FROM or TO.</param>
    /// <param name="parameters">What follows the path, without blanks around it.</param>
    /// <param name="problem">Why there is no path, in words for a person; null when there is none to report or the form is wrong as a whole.</param>
    public static MailPath? TryParse(string argument, string keyword, out string parameters, out string? problem)
    {
        parameters = "";
        problem = null;
        var text = argument.AsSpan().TrimStart([' ', '\t']);
        if (!text.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = text[keyword.Length..].TrimStart([' ', '\t']);
        if (rest is not [':', ..])
            return null;
        rest = rest[1..].Trim([' ', '\t']);

        var isBracketed = rest is ['<', ..];
        var end = EndOf(isBracketed ? rest[1..] : rest, isBracketed ? '>' : ' ');
        if (isBracketed && end < 0)
        {
            problem = "The path has no closing >";
            return null;
        }

        var path = isBracketed ? rest[1..(end + 1)] : end < 0 ? rest : rest[..end];
        parameters = (isBracketed ? rest[(end + 2)..] : end < 0 ? [] : rest[end..]).Trim(' ').ToString();
        if (path.IsEmpty && !isBracketed)
            return null;
        problem = Slip(keyword, path, parameters, isBracketed);
        if (problem is not null)
            return null;
        return Mailbox(path.Trim(' '), out problem);
    }

    // What people type who know addresses from mail programs, told by its cause rather than by its first odd character.
    private static string? Slip(string keyword, ReadOnlySpan<char> path, string parameters, bool isBracketed)
    {
        if (!isBracketed && (path.Contains('<') || parameters.Contains('<', StringComparison.Ordinal)))
            return $"Only the address stands here, without a person's name, as in {keyword}:<bob@mail.test>";
        if (isBracketed && path is ['<', ..])
            return $"The address stands in one pair of brackets, as in {keyword}:<bob@mail.test>";
        if (path.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            return $"Only the address stands here, without mailto:, as in {keyword}:<bob@mail.test>";
        if (parameters is [',' or ';' or '<', ..] || (path is not ['"' or '@', ..] && path.IndexOfAny(',', ';') >= 0))
            return $"One address a command, as in {keyword}:<bob@mail.test>";
        if (isBracketed)
            return null;
        if (IsParameter(path))
            return $"The address is missing; it stands before the parameters, as in {keyword}:<bob@mail.test> {path[..path.IndexOf('=')]}=...";
        var word = parameters.AsSpan();
        word = word[..(word.IndexOf(' ') is >= 0 and var blank ? blank : word.Length)];
        return word.IsEmpty || IsParameter(word) || word.Equals("SMTPUTF8", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"One address a command, and no blank in it, as in {keyword}:<bob@mail.test>";
    }

    // esmtp-keyword "=" esmtp-value
    private static bool IsParameter(ReadOnlySpan<char> word)
    {
        var keyword = word[..Math.Max(0, word.IndexOf('='))];
        return !keyword.IsEmpty && !word.Contains('@') && keyword.IndexOfAnyExcept(InKeyword) < 0;
    }

    private static MailPath? Mailbox(ReadOnlySpan<char> text, out string? problem)
    {
        problem = null;
        if (text.Length > MaxLength)
        {
            problem = $"A path has at most {MaxLength} characters";
            return null;
        }

        if (text.IsEmpty)
            return MailPath.Null;
        if (MailPath.IsMeText(text))
            return new(text.ToString(), null);
        if (text is ['@', ..])
        {
            // A source route is accepted and ignored (RFC 5321 3.6.1, appendix C).
            var colon = text.IndexOf(':');
            if (colon < 0)
            {
                problem = "The path has no name before the @";
                return null;
            }

            text = text[(colon + 1)..];
        }

        var at = LastAt(text);
        var local = at < 0 ? text : text[..at];
        var domain = at < 0 ? null : WithoutRootDot(text[(at + 1)..]).ToString();
        problem = LocalProblem(local, isAlone: domain is null) ?? (domain is null ? null : DomainProblem(domain));
        return problem is null ? new(local.ToString(), domain) : null;
    }

    // The position of the delimiter outside quotes, or -1.
    private static int EndOf(ReadOnlySpan<char> text, char delimiter)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && isQuoted)
                i++;
            else if (text[i] == '"')
                isQuoted = !isQuoted;
            else if (text[i] == delimiter && !isQuoted)
                return i;
        }

        return -1;
    }

    private static int LastAt(ReadOnlySpan<char> text)
    {
        var last = -1;
        for (var from = 0; EndOf(text[from..], '@') is >= 0 and var at; from += at + 1)
            last = from + at;
        return last;
    }

    // A dot at the end says that a domain is complete (RFC 1034 3.1); mail has none (RFC 5321 2.3.5).
    private static ReadOnlySpan<char> WithoutRootDot(ReadOnlySpan<char> domain) => domain is [.. var name, '.'] ? name : domain;

    private static string? LocalProblem(ReadOnlySpan<char> local, bool isAlone)
    {
        if (local.IsEmpty || (isAlone && local is "\"\""))
            return "The path has no name before the @";
        return local.ContainsAny(NeedQuotes) && !IsQuotedString(local)
            ? "The name holds a character that no name has unless it is quoted"
            : null;
    }

    // Quoted-string = DQUOTE *QcontentSMTP DQUOTE; no bare quote inside, and the last one is not escaped.
    private static bool IsQuotedString(ReadOnlySpan<char> local)
    {
        if (local is not ['"', .., '"'])
            return false;
        var i = 1;
        while (i < local.Length - 1 && local[i] != '"')
            i += local[i] == '\\' ? 2 : 1;
        return i == local.Length - 1;
    }

    private static string? DomainProblem(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty)
            return "The path has no domain behind the @";
        if (domain is [.., '.'])
            return "The domain behind the @ ends in two dots";
        if (domain is ['[', .., ']'])
            return domain[1..^1].ContainsAny(NotInLiteral) ? "The address literal is not well-formed" : null;
        return domain.ContainsAny(NotInDomain) || DomainName.HoldsLookAlike(domain)
            ? "The domain behind the @ holds a character that no domain has"
            : null;
    }
}
