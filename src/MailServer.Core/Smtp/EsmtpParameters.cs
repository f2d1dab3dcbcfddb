using System.Buffers;
using System.Globalization;

namespace MailServer.Core.Smtp;

/// <summary>A parameter of MAIL or RCPT: <c>keyword ["=" value]</c> (RFC 5321 4.1.2).</summary>
public readonly record struct EsmtpParameter(string Keyword, string? Value)
{
    /// <summary>The parameters in the text behind a path, in order.</summary>
    public static IEnumerable<EsmtpParameter> Split(string text)
    {
        foreach (var word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0
                ? new(word.ToUpperInvariant(), null)
                : new(word[..equals].ToUpperInvariant(), word[(equals + 1)..]);
        }
    }
}

/// <summary>What the parameters of MAIL and RCPT may be: a row for each keyword.</summary>
public static class EsmtpParameters
{
    private static readonly SearchValues<char> AddressType = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private delegate SmtpReply? Check(string? value, SmtpSession session);

    // RFC 1870, RFC 6152, RFC 6531, RFC 4954 5 and RFC 3461. outlook.com sends AUTH=<> to everybody.
    private static readonly Dictionary<string, Check> OfMail = new(StringComparer.Ordinal)
    {
        ["SIZE"] = CheckSize,
        ["BODY"] = (value, _) => OneOf("BODY", value, "7BIT", "8BITMIME"),
        ["SMTPUTF8"] = (value, _) => value is null ? null : SmtpReplies.BadParameter("SMTPUTF8 has no value"),
        ["AUTH"] = (value, _) => value is "<>" ? null : CheckXtext("AUTH", value),
        ["RET"] = (value, _) => OneOf("RET", value, "FULL", "HDRS"),
        ["ENVID"] = (value, _) => CheckXtext("ENVID", value),
    };

    private static readonly Dictionary<string, Check> OfRcpt = new(StringComparer.Ordinal)
    {
        ["NOTIFY"] = CheckNotify,
        ["ORCPT"] = CheckOriginalRecipient,
    };

    /// <summary>The refusal that MAIL's parameters earn, or null.</summary>
    public static SmtpReply? CheckMail(string text, SmtpSession session) => CheckAll(text, OfMail, session);

    /// <summary>The refusal that RCPT's parameters earn, or null.</summary>
    public static SmtpReply? CheckRcpt(string text, SmtpSession session) => CheckAll(text, OfRcpt, session);

    private static SmtpReply? CheckAll(string text, Dictionary<string, Check> known, SmtpSession session)
    {
        if (text.Length == 0)
            return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (keyword, value) in EsmtpParameter.Split(text))
        {
            if (!known.TryGetValue(keyword, out var check))
                return SmtpReplies.UnknownParameter(keyword);
            if (!seen.Add(keyword))
                return SmtpReplies.BadParameter($"The parameter {keyword} may stand only once");
            if (check(value, session) is { } refusal)
                return refusal;
        }

        return null;
    }

    /// <summary>True when MAIL's parameters hold this one, with this value if one is asked for.</summary>
    public static bool Has(string text, string keyword, string? value = null) =>
        text.Length > 0 && EsmtpParameter.Split(text).Any(parameter => parameter.Keyword == keyword
            && (value is null || string.Equals(parameter.Value, value, StringComparison.OrdinalIgnoreCase)));

    private static SmtpReply? OneOf(string keyword, string? value, params ReadOnlySpan<string> allowed)
    {
        foreach (var word in allowed)
        {
            if (word.Equals(value, StringComparison.OrdinalIgnoreCase))
                return null;
        }

        return SmtpReplies.BadParameter($"{keyword} is one of {string.Join(", ", allowed)}");
    }

    // size-value = 1*20DIGIT (RFC 1870 4): more than fits a long is certainly too large.
    private static SmtpReply? CheckSize(string? value, SmtpSession session)
    {
        if (value is null or "" || value.Length > 20 || !value.All(char.IsAsciiDigit))
            return SmtpReplies.BadParameter("SIZE is a count of octets in 1 to 20 digits");
        var limits = session.Services.Limits;
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > limits.MessageSize)
            return SmtpReplies.TooLarge(limits.MessageSize);
        return limits.MailboxSize > 0 && size > limits.MailboxSize ? SmtpReplies.LargerThanMailbox : null;
    }

    // notify-esmtp-value = "NEVER" / 1#( "SUCCESS" / "FAILURE" / "DELAY" ) (RFC 3461 4.1)
    private static SmtpReply? CheckNotify(string? value, SmtpSession session)
    {
        if ("NEVER".Equals(value, StringComparison.OrdinalIgnoreCase))
            return null;
        var isList = value is not null && value.ToUpperInvariant().Split(',').All(word => word is "SUCCESS" or "FAILURE" or "DELAY");
        return isList ? null : SmtpReplies.BadParameter("NOTIFY is NEVER, or a list of SUCCESS, FAILURE, DELAY");
    }

    // original-recipient-address = addr-type ";" xtext (RFC 3461 4.2)
    private static SmtpReply? CheckOriginalRecipient(string? value, SmtpSession session)
    {
        var semicolon = value?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        return semicolon > 0 && value!.AsSpan(0, semicolon).IndexOfAnyExcept(AddressType) < 0
            ? CheckXtext("ORCPT", value![(semicolon + 1)..])
            : SmtpReplies.BadParameter("ORCPT is an address type, a semicolon and an address, as in rfc822;bob@mail.test");
    }

    // xtext = *( xchar / hexchar ), hexchar = "+" 2HEXDIG (RFC 3461 4). What it hides must be printable too:
    // a newline behind +0A reached a header elsewhere (CVE-2020-28026).
    private static SmtpReply? CheckXtext(string keyword, string? value)
    {
        var refusal = SmtpReplies.BadParameter($"{keyword} is xtext: printable ASCII, with + and = as +2B and +3D");
        if (value is null or "")
            return refusal;
        for (var i = 0; i < value.Length; i++)
        {
            var isPlain = value[i] is > ' ' and <= '~' and not ('+' or '=');
            if (isPlain)
                continue;
            if (value[i] != '+' || i + 3 > value.Length
                || !byte.TryParse(value.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
                || octet is < 0x20 or > 0x7E)
            {
                return refusal;
            }

            i += 2;
        }

        return null;
    }
}
