using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Routing;
using MailServer.Core.Wire;

namespace MailServer.Core.Sessions;

/// <summary>What becomes of a bare LF in the text of a message (CVE-2023-51764 and its kin).</summary>
public enum BareLineFeed
{
    /// <summary>It becomes CRLF, and never ends the text.</summary>
    Normalize,

    /// <summary>The message is refused with 550 5.6.11.</summary>
    Reject,
}

/// <summary>Whom STARTTLS (RFC 3207) and STLS (RFC 2595) are offered to.</summary>
public enum StartTlsPolicy
{
    /// <summary>
    /// Everybody but clients on this machine while the certificate is one that this server made for itself: many programs take
    /// any offer and then fail on the certificate, and loopback needs no TLS.
    /// </summary>
    Auto,

    /// <summary>Everybody.</summary>
    Always,

    /// <summary>Nobody, and nobody may.</summary>
    Never,
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

    /// <summary>Where mail for an address goes; to the accounts here, and nowhere else, unless another is given.</summary>
    public IRecipientRouter Router { get => field ??= new LocalRouter(Identity, Accounts, catchAll: null); init; }

    public required TimeProvider Clock { get; init; }

    public BareLineFeed BareLineFeed { get; init; }

    public Pop3Listing Pop3Listing { get; init; }

    /// <summary>True when passwords may cross a network in clear. Loopback always may.</summary>
    public bool AuthWithoutTls { get; init; }

    /// <summary>Whom STARTTLS and STLS are offered to.</summary>
    public StartTlsPolicy StartTls { get; init; }

    /// <summary>True when the certificate is one that this server made for itself, so that nobody else vouches for it.</summary>
    public bool IsCertificateOurs { get; init; }

    /// <summary>True when this client is told that it may encrypt the connection. One that asks without that may, too.</summary>
    public bool OffersStartTls(Peer peer) => StartTls switch
    {
        StartTlsPolicy.Always => true,
        StartTlsPolicy.Never => false,
        _ => !(IsCertificateOurs && peer.IsLoopback),
    };
}
