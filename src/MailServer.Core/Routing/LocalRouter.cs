using System.Net;
using MailServer.Core.Accounts;

namespace MailServer.Core.Routing;

/// <summary>Takes mail for our own domains and sends none on.</summary>
/// <param name="catchAll">The account that takes the mail of every unknown recipient of any domain, or null.</param>
public sealed class LocalRouter(ServerIdentity identity, AccountDirectory accounts, AccountName? catchAll) : IRecipientRouter
{
    public async ValueTask<Route> FindAsync(MailPath path, RouteClient client, CancellationToken cancellation)
    {
        var isOurs = IsOurs(path, client);
        var account = path.IsMe ? await FindSpeakerAsync(client, cancellation)
            : (isOurs ? await FindNamedAsync(path, cancellation) ?? await FindPostmasterAsync(path, cancellation) : null)
            ?? (catchAll is null ? null : await accounts.FindAsync(catchAll, cancellation));
        return account is not null ? new(RouteKind.Local, account) : new(isOurs ? RouteKind.Unknown : RouteKind.NotRelayed);
    }

    public ValueTask<Account?> FindOwnerAsync(MailPath path, RouteClient client, CancellationToken cancellation) =>
        path.IsMe ? FindSpeakerAsync(client, cancellation)
        : IsOurs(path, client) ? FindNamedAsync(path, cancellation)
        : ValueTask.FromResult<Account?>(null);

    // alice+tag is alice.
    private async ValueTask<Account?> FindNamedAsync(MailPath path, CancellationToken cancellation)
    {
        var local = path.UnquotedLocalPart;
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        return AccountName.TryParse(plus > 0 ? local[..plus] : local) is { } name ? await accounts.FindAsync(name, cancellation) : null;
    }

    // A bare name, a domain that we serve, or an address of this machine as a literal (RFC 1123 5.2.17).
    private bool IsOurs(MailPath path, RouteClient client) =>
        path.Domain is null
        || identity.Serves(path.Domain)
        || (DomainName.AddressIn(path.Domain) is { } address && (IPAddress.IsLoopback(address) || address.Equals(client.Peer.LocalAddress)));

    // The account may have been removed since the client began to speak as it.
    private async ValueTask<Account?> FindSpeakerAsync(RouteClient client, CancellationToken cancellation) =>
        client.Speaker is { } speaker && await accounts.FindAsync(speaker.Name, cancellation) is { } account && account.Id == speaker.Id ? account : null;

    // RFC 5321 4.5.1: mail for postmaster is always taken.
    private async ValueTask<Account?> FindPostmasterAsync(MailPath path, CancellationToken cancellation)
    {
        if (!AccountName.Postmaster.Equals(AccountName.TryParse(path.UnquotedLocalPart)))
            return null;
        await accounts.EnsurePostmasterAsync(cancellation);
        return await accounts.FindAsync(AccountName.Postmaster, cancellation);
    }
}
