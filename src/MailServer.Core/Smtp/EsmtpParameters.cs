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
    private delegate SmtpReply? Check(string? value, SmtpSession session);

    // RFC 1870, RFC 6152, and those that clients send whether or not they are offered: outlook.com sends AUTH=<>.
    private static readonly Dictionary<string, Check> OfMail = new(StringComparer.Ordinal)
    {
        ["SIZE"] = CheckSize,
        ["BODY"] = (value, _) => OneOf("BODY", value, "7BIT", "8BITMIME"),
        ["AUTH"] = Accept,
        ["RET"] = (value, _) => OneOf("RET", value, "FULL", "HDRS"),
        ["ENVID"] = Accept,
    };

    private static readonly Dictionary<string, Check> OfRcpt = new(StringComparer.Ordinal)
    {
        ["NOTIFY"] = Accept,
        ["ORCPT"] = Accept,
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

    private static SmtpReply? Accept(string? value, SmtpSession session) => null;

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
        var limit = session.Services.Limits.MessageSize;
        return !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > limit
            ? SmtpReplies.TooLarge(limit)
            : null;
    }
}
