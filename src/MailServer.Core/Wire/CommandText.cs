using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Unicode;

namespace MailServer.Core.Wire;

/// <summary>A command line as text, taken apart at its first blank.</summary>
public static class CommandText
{
    // What some programs write before the first of their text.
    private const char ByteOrderMark = '\uFEFF';

    // Those that the other protocol does not have.
    private static readonly FrozenSet<string> SmtpVerbs = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "HELO", "EHLO", "LHLO", "MAIL", "RCPT", "DATA", "BDAT", "VRFY", "EXPN", "STARTTLS");

    private static readonly FrozenSet<string> Pop3Verbs = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "USER", "APOP", "STAT", "LIST", "RETR", "DELE", "TOP", "UIDL", "CAPA", "STLS", "UTF8", "LANG", "LAST", "RPOP", "XTND");

    /// <summary>
    /// The line as text, or null when it is not UTF-8 or holds a control character other than a tab:
    /// none of them ever reaches a path, a name or a trace header (GHSA-54wq).
    /// </summary>
    /// <param name="isTyped">True when backspaces may stand in it, which are carried out first.</param>
    public static string? TryDecode(ReadOnlySequence<byte> line, bool isTyped)
    {
        var text = isTyped && Telnet.HoldsErasure(line) ? TryDecode(Telnet.Erase(line))
            : line.IsSingleSegment ? TryDecode(line.FirstSpan)
            : TryDecode(line.ToArray());
        return text is null || HoldsControl(text) ? null : text.TrimStart(ByteOrderMark);
    }

    /// <summary>
    /// A line whose argument is of no consequence as text, with a mark in the place of what is no UTF-8; null when it holds a control
    /// character. For greetings: devices call themselves by names in the letters of their code page.
    /// </summary>
    public static string? TryDecodeLoosely(ReadOnlySequence<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        return HoldsControl(text) ? null : text;
    }

    /// <summary>The line's first word and what follows the blank behind it, untouched: a password may begin or end with blanks.</summary>
    public static (string Verb, string Argument) Split(string line)
    {
        var blank = line.AsSpan().IndexOfAny(' ', '\t');
        return blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]);
    }

    /// <summary>What stands in a log for a line that may hold a password: what is no verb may be one, or a misspelt PASS.</summary>
    public const string Mask = "***";

    /// <summary>True when a line begins with this verb, given in upper case, and a blank.</summary>
    public static bool StartsWithVerb(ReadOnlySequence<byte> line, ReadOnlySpan<byte> verb)
    {
        if (line.Length <= verb.Length)
            return false;
        Span<byte> start = stackalloc byte[verb.Length + 1];
        line.Slice(0, start.Length).CopyTo(start);
        return Ascii.EqualsIgnoreCase(start[..^1], verb) && start[^1] == ' ';
    }

    /// <summary>True for the first line of an HTTP request (RFC 9112 3), as a browser page made to talk to us would send: a method, and no message's number.</summary>
    public static bool IsHttpRequest(string line)
    {
        // request-line = method SP request-target SP "HTTP/" DIGIT "." DIGIT, whatever the method (RFC 9112 3); older ones have no version.
        if (line.AsSpan().Trim([' ', '\t']) is [.., ' ' or '\t', 'H' or 'h', 'T' or 't', 'T' or 't', 'P' or 'p', '/', >= '0' and <= '9', '.', >= '0' and <= '9'])
            return true;
        var (verb, argument) = Split(line);
        return verb is "GET" or "POST" or "PUT" or "HEAD" or "DELETE" or "OPTIONS" or "PATCH" or "CONNECT" or "TRACE" or "PRI"
            && argument.AsSpan().IndexOfAny('/', ':', '*') >= 0;
    }

    /// <summary>True for a verb that only SMTP has, in any letter case.</summary>
    public static bool IsSmtpVerb(string verb) => SmtpVerbs.Contains(verb);

    /// <summary>True for a verb that only POP3 has, in any letter case.</summary>
    public static bool IsPop3Verb(string verb) => Pop3Verbs.Contains(verb);

    private static string? TryDecode(ReadOnlySpan<byte> octets) =>
        Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : null;

    private static bool HoldsControl(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) && c != '\t' || c is '\u2028' or '\u2029')
                return true;
        }

        return false;
    }
}
