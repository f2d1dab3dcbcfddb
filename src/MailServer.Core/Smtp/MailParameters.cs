using System.Globalization;

namespace MailServer.Core.Smtp;

/// <summary>What of a message a report of its failure returns: RET of RFC 3461 4.3.</summary>
public enum ReturnedContent
{
    /// <summary>MAIL did not say.</summary>
    Unspecified,

    /// <summary>FULL: the whole message.</summary>
    Message,

    /// <summary>HDRS: its header.</summary>
    Header,
}

/// <summary>What MAIL says of the message besides its sender.</summary>
public sealed record MailParameters
{
    // RFC 1870, RFC 6152, RFC 6531, RFC 4954 5 and RFC 3461.
    private static readonly Dictionary<string, EsmtpParameter.Reader<MailParameters>> Readers = new(StringComparer.Ordinal)
    {
        ["SIZE"] = ReadSize,
        ["BODY"] = ReadBody,
        ["SMTPUTF8"] = ReadInternational,
        ["AUTH"] = ReadAuth,
        ["RET"] = ReadReturn,
        ["ENVID"] = ReadEnvelopeId,
    };

    /// <summary>SIZE (RFC 1870 6): octets that the client announces; null when it announces none. More than fits is <see cref="long.MaxValue"/>.</summary>
    public long? Size { get; private set; }

    /// <summary>True for BODY=8BITMIME (RFC 6152 3).</summary>
    public bool IsEightBit { get; private set; }

    /// <summary>True for SMTPUTF8 (RFC 6531 3.4).</summary>
    public bool IsInternational { get; private set; }

    /// <summary>RET (RFC 3461 4.3).</summary>
    public ReturnedContent Return { get; private set; }

    /// <summary>ENVID (RFC 3461 4.4), decoded; null when there is none.</summary>
    public string? EnvelopeId { get; private set; }

    /// <summary>Nothing was said.</summary>
    public static MailParameters None { get; } = new();

    /// <summary>The parameters in the text behind MAIL's path, or null and the refusal.</summary>
    public static MailParameters? TryParse(string text, out SmtpReply? refusal)
    {
        refusal = null;
        if (text.Length == 0)
            return None;
        var parameters = new MailParameters();
        refusal = EsmtpParameter.Read(text, Readers, parameters);
        return refusal is null ? parameters : null;
    }

    // size-value = 1*20DIGIT (RFC 1870 4)
    private static SmtpReply? ReadSize(MailParameters into, string? value)
    {
        if (value is null or "" || value.Length > 20 || !value.All(char.IsAsciiDigit))
            return SmtpReplies.BadParameter("SIZE is a count of octets in 1 to 20 digits");
        into.Size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : long.MaxValue;
        return null;
    }

    private static SmtpReply? ReadBody(MailParameters into, string? value)
    {
        into.IsEightBit = "8BITMIME".Equals(value, StringComparison.OrdinalIgnoreCase);
        return into.IsEightBit || "7BIT".Equals(value, StringComparison.OrdinalIgnoreCase) ? null : SmtpReplies.BadParameter("BODY is one of 7BIT, 8BITMIME");
    }

    private static SmtpReply? ReadInternational(MailParameters into, string? value)
    {
        into.IsInternational = true;
        return value is null ? null : SmtpReplies.BadParameter("SMTPUTF8 has no value");
    }

    // Whom the client vouches for means nothing here; outlook.com sends AUTH=<> to everybody.
    private static SmtpReply? ReadAuth(MailParameters into, string? value) =>
        value is "<>" || EsmtpParameter.FromXtext(value) is not null ? null : EsmtpParameter.BadXtext("AUTH");

    private static SmtpReply? ReadReturn(MailParameters into, string? value)
    {
        into.Return = "FULL".Equals(value, StringComparison.OrdinalIgnoreCase) ? ReturnedContent.Message
            : "HDRS".Equals(value, StringComparison.OrdinalIgnoreCase) ? ReturnedContent.Header
            : ReturnedContent.Unspecified;
        return into.Return == ReturnedContent.Unspecified ? SmtpReplies.BadParameter("RET is one of FULL, HDRS") : null;
    }

    private static SmtpReply? ReadEnvelopeId(MailParameters into, string? value)
    {
        into.EnvelopeId = EsmtpParameter.FromXtext(value);
        return into.EnvelopeId is null ? EsmtpParameter.BadXtext("ENVID") : null;
    }
}
