using System.Net;
using MailServer.Core.Accounts;

namespace MailServer.Core.Smtp.Commands;

/// <summary>Which account an address of ours belongs to.</summary>
internal static class LocalMailbox
{
    /// <summary>True when the address is for us to deliver: a bare name, a domain that we serve, or an address of ours as a literal (RFC 1123 5.2.17).</summary>
    public static bool IsOurs(SmtpSession session, MailPath path) =>
        path.Domain is null
        || session.Services.Identity.Serves(path.Domain)
        || (DomainName.AddressIn(path.Domain) is { } address && (IPAddress.IsLoopback(address) || address.Equals(session.Peer.LocalAddress)));

    /// <summary>The account that the client speaks as, or null when there is none, or none any more.</summary>
    public static async ValueTask<Account?> FindSpeakerAsync(SmtpSession session, CancellationToken cancellation) =>
        session.Account is { } speaker && await session.Services.Accounts.FindAsync(speaker.Name, cancellation) is { } account && account.Id == speaker.Id
            ? account
            : null;

    /// <summary>The account behind an address of ours, or null. <c>alice+tag</c> is alice.</summary>
    public static async ValueTask<Account?> FindAsync(SmtpSession session, MailPath path, CancellationToken cancellation)
    {
        if (!IsOurs(session, path))
            return null;
        var local = path.UnquotedLocalPart;
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        return AccountName.TryParse(plus > 0 ? local[..plus] : local) is { } name
            ? await session.Services.Accounts.FindAsync(name, cancellation)
            : null;
    }
}
