using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Core.Protocol;

/// <summary>What becomes of a bare LF in the text of a message (CVE-2023-51764 and its kin).</summary>
public enum BareLineFeed
{
    /// <summary>It becomes CRLF, and never ends the text.</summary>
    Normalize,

    /// <summary>The message is refused with 550 5.6.11.</summary>
    Reject,
}

/// <summary>What LIST and RETR look like.</summary>
public enum Pop3Listing
{
    /// <summary>RFC 1939.</summary>
    Standard,

    /// <summary>The rows of the classroom servers: <c>id, sender, subject, size</c>.</summary>
    Detailed,
}

/// <summary>What a session may call on and the rules that it follows: one of these serves every session of a process.</summary>
public sealed record SessionServices
{
    public required ServerIdentity Identity { get; init; }

    public required MailLimits Limits { get; init; }

    public required AccountDirectory Accounts { get; init; }

    /// <summary>The failed logins of every client address.</summary>
    public required LoginThrottle Throttle { get; init; }

    public required IMailStore Mail { get; init; }

    public required TimeProvider Clock { get; init; }

    public BareLineFeed BareLineFeed { get; init; }

    public Pop3Listing Pop3Listing { get; init; }

    /// <summary>True when passwords may cross a network in clear. Loopback always may.</summary>
    public bool AuthWithoutTls { get; init; }

    /// <summary>The account that takes the mail of every unknown recipient of any domain, or null.</summary>
    public AccountName? CatchAll { get; init; }

    /// <summary>True when a certificate is at hand, so that STARTTLS and STLS are offered.</summary>
    public bool OffersTls { get; init; }
}
