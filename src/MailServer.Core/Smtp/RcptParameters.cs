using System.Buffers;

namespace MailServer.Core.Smtp;

/// <summary>When the sender wants a report on a recipient: NOTIFY of RFC 3461 4.1.</summary>
[Flags]
public enum Notify
{
    /// <summary>RCPT did not say: a report when delivery fails.</summary>
    Unspecified = 0,

    /// <summary>NEVER.</summary>
    Never = 1,

    /// <summary>SUCCESS.</summary>
    Success = 2,

    /// <summary>FAILURE.</summary>
    Failure = 4,

    /// <summary>DELAY.</summary>
    Delay = 8,
}

/// <summary>ORCPT of RFC 3461 4.2: the recipient that the sender first named.</summary>
/// <param name="AddressType">As in <c>rfc822</c>.</param>
/// <param name="Address">Decoded.</param>
public sealed record OriginalRecipient(string AddressType, string Address);

/// <summary>What RCPT says besides the recipient.</summary>
public sealed record RcptParameters
{
    private static readonly SearchValues<char> AddressTypes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly Dictionary<string, EsmtpParameter.Reader<RcptParameters>> Readers = new(StringComparer.Ordinal)
    {
        ["NOTIFY"] = ReadNotify,
        ["ORCPT"] = ReadOriginalRecipient,
    };

    public Notify Notify { get; private set; }

    public OriginalRecipient? OriginalRecipient { get; private set; }

    /// <summary>Nothing was said.</summary>
    public static RcptParameters None { get; } = new();

    /// <summary>The parameters in the text behind RCPT's path, or null and the refusal.</summary>
    public static RcptParameters? TryParse(string text, out SmtpReply? refusal)
    {
        refusal = null;
        if (text.Length == 0)
            return None;
        var parameters = new RcptParameters();
        refusal = EsmtpParameter.Read(text, Readers, parameters);
        return refusal is null ? parameters : null;
    }

    // notify-esmtp-value = "NEVER" / 1#( "SUCCESS" / "FAILURE" / "DELAY" )
    private static SmtpReply? ReadNotify(RcptParameters into, string? value)
    {
        foreach (var word in (value ?? "").ToUpperInvariant().Split(','))
        {
            var one = word switch
            {
                "NEVER" when into.Notify == Notify.Unspecified => Notify.Never,
                "SUCCESS" => Notify.Success,
                "FAILURE" => Notify.Failure,
                "DELAY" => Notify.Delay,
                _ => Notify.Unspecified,
            };
            if (one == Notify.Unspecified || into.Notify.HasFlag(Notify.Never))
                return SmtpReplies.BadParameter("NOTIFY is NEVER, or a list of SUCCESS, FAILURE, DELAY");
            into.Notify |= one;
        }

        return null;
    }

    // original-recipient-address = addr-type ";" xtext
    private static SmtpReply? ReadOriginalRecipient(RcptParameters into, string? value)
    {
        var semicolon = value?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        if (value is null || semicolon <= 0 || value.AsSpan(0, semicolon).IndexOfAnyExcept(AddressTypes) >= 0)
            return SmtpReplies.BadParameter("ORCPT is an address type, a semicolon and an address, as in rfc822;bob@mail.test");
        if (EsmtpParameter.FromXtext(value[(semicolon + 1)..]) is not { } address)
            return EsmtpParameter.BadXtext("ORCPT");
        into.OriginalRecipient = new(value[..semicolon], address);
        return null;
    }
}
