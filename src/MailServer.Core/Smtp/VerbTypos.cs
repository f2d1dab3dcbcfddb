using System.Collections.Frozen;
using System.Globalization;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp;

/// <summary>
/// What a line is that begins with no verb of this server: a command of another server, a slip of the fingers, or anything else.
/// After an offer to take a password only the last may be one (the classic conversation).
/// </summary>
internal static class VerbTypos
{
    // RFC 821, RFC 1985, RFC 2645, RFC 2033, RFC 4468.
    private static readonly string[] Standard = ["SEND", "SOML", "SAML", "TURN", "ETRN", "ATRN", "LHLO", "BURL"];

    // With those of Postfix, Sendmail and Exchange.
    private static readonly FrozenSet<string> Foreign = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        [.. Standard, "XCLIENT", "XFORWARD", "XADR", "XEXCH50", "XQUE", "XSTA", "X-EXPS", "X-LINK2STATE", "VERB", "ONEX", "TICK"]);

    // Words by which people leave other programs, or ask for help in them.
    private static readonly string[] Farewells = ["EXIT", "BYE", "LOGOUT", "LOGIN", "CLOSE", "Q", "?", "."];

    // Words before a password, a name or an address, here or in other protocols.
    private static readonly string[] FirstWords = ["PASSWORD", "PASSWD", "LOGIN", "AUTHENTICATE", "FROM", "TO", "AUTHPLAIN", "AUTHLOGIN"];

    /// <summary>True for a verb of other servers, which this one does not have.</summary>
    public static bool IsForeign(string verb) => Foreign.Contains(verb);

    /// <summary>True when a line that begins with no verb looks like a command all the same: it has a colon or a bracket, a verb with one slip, a word of another program, or the code of a reply.</summary>
    public static bool LooksLikeCommand(string line)
    {
        if (line.AsSpan().IndexOfAny(':', '<') >= 0 || CommandText.IsHttpRequest(line))
            return true;
        var text = line.AsSpan().Trim([' ', '\t']);
        if (IsPrivate(text))
            return true;
        var end = EndOfWord(text);
        var word = (end < 0 ? text : text[..end]).ToString().ToUpperInvariant();
        if (end < 0 ? Farewells.Contains(word) : FirstWords.Contains(word) || (word.Length == 3 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return true;
        var joined = string.Concat(text.ToString().Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        return SmtpCommandTable.Standard.Commands.Select(command => command.Verb).Concat(Standard)
            .Any(verb => IsOneSlipAway(word, verb) || IsVerbAndSign(word, verb) || joined == verb);
    }

    // Also at a blank that is none of ASCII, as in what was copied from a page.
    private static int EndOfWord(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
                return i;
        }

        return -1;
    }

    // EHLO-bob, HELO,bob, AUTH=LOGIN.
    private static bool IsVerbAndSign(string word, string verb) =>
        word.Length > verb.Length && word.StartsWith(verb, StringComparison.Ordinal) && word[verb.Length] is ('-' or ',' or ';' or '=' or '.' or '/');

    // A verb that programs agreed upon among themselves (RFC 5321 4.1.5): X and capitals.
    private static bool IsPrivate(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(' ');
        var word = end < 0 ? text : text[..end];
        return word.Length > 3 && word[0] == 'X' && word.IndexOfAnyExceptInRange('A', 'Z') is < 0 or 1 && (word[1] == '-' || char.IsAsciiLetterUpper(word[1]));
    }

    // One letter too many, too few or another, or two that changed places (Damerau-Levenshtein distance of at most 1).
    private static bool IsOneSlipAway(ReadOnlySpan<char> word, ReadOnlySpan<char> verb)
    {
        var start = word.CommonPrefixLength(verb);
        var restOfWord = word[start..];
        var restOfVerb = verb[start..];
        if (restOfWord.Length <= 1 && restOfVerb.Length <= 1)
            return true;
        if (restOfWord.IsEmpty || restOfVerb.IsEmpty)
            return false;
        return restOfWord[1..].SequenceEqual(restOfVerb[1..])
            || restOfWord[1..].SequenceEqual(restOfVerb)
            || restOfWord.SequenceEqual(restOfVerb[1..])
            || AreSwapped(restOfWord, restOfVerb);
    }

    private static bool AreSwapped(ReadOnlySpan<char> word, ReadOnlySpan<char> verb) =>
        word.Length >= 2 && verb.Length >= 2 && word[0] == verb[1] && word[1] == verb[0] && word[2..].SequenceEqual(verb[2..]);
}
