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
        if (path.IsMe)
            return await FindSpeakerAsync(client, cancellation);
        if (isOurs && NameIn(path) is { } name && await FindNamedAsync(name, cancellation) is { Kind: RouteKind.Local } named)
            return named;
        var account = (isOurs ? await FindPostmasterAsync(path, cancellation) : null)
            ?? (catchAll is null ? null : await accounts.FindAsync(catchAll, cancellation));
        return account is not null ? new(RouteKind.Local, account) : new(isOurs ? RouteKind.Unknown : RouteKind.NotRelayed);
    }

    public ValueTask<Route> FindOwnersAsync(MailPath path, RouteClient client, CancellationToken cancellation) =>
        path.IsMe ? FindSpeakerAsync(client, cancellation)
        : IsOurs(path, client) && NameIn(path) is { } name ? FindNamedAsync(name, cancellation)
        : ValueTask.FromResult(new Route(RouteKind.Unknown));

    private static Route To(Account? account) => account is null ? new(RouteKind.Unknown) : new(RouteKind.Local, account);

    // alice+tag is alice.
    private static AccountName? NameIn(MailPath path)
    {
        var local = path.UnquotedLocalPart;
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        return AccountName.TryParse(plus > 0 ? local[..plus] : local);
    }

    private async ValueTask<Route> FindNamedAsync(AccountName name, CancellationToken cancellation)
    {
        var (account, alias) = await accounts.LookUpAsync(name, cancellation);
        if (alias is null)
            return To(account);
        var found = await ExpandAsync(alias, cancellation);
        return found.Count == 0 ? new(RouteKind.Unknown) : new(RouteKind.Local, found[0]) { Others = found[1..] };
    }

    // A name that the way to it has led through already is an account's, so that an alias may name itself and a loop ends.
    private async ValueTask<List<Account>> ExpandAsync(Alias alias, CancellationToken cancellation)
    {
        var (found, seen, waiting) = (new List<Account>(), new HashSet<AccountName> { alias.Name }, new Queue<AccountName>(alias.Targets));
        while (waiting.TryDequeue(out var target))
        {
            var (account, further) = await accounts.LookUpAsync(target, cancellation);
            if (seen.Add(target) && further is not null)
            {
                foreach (var next in further.Targets)
                    waiting.Enqueue(next);
            }
            else if (account is not null && found.TrueForAll(other => other.Id != account.Id))
            {
                found.Add(account);
            }
        }

        return found;
    }

    // A bare name, a domain that we serve, or an address of this machine as a literal (RFC 1123 5.2.17).
    private bool IsOurs(MailPath path, RouteClient client) =>
        path.Domain is null
        || identity.Serves(path.Domain)
        || (DomainName.AddressIn(path.Domain) is { } address && (IPAddress.IsLoopback(address) || address.Equals(client.Peer.LocalAddress)));

    // The account may have been removed since the client began to speak as it.
    private async ValueTask<Route> FindSpeakerAsync(RouteClient client, CancellationToken cancellation) =>
        To(client.Speaker is { } speaker && await accounts.FindAsync(speaker.Name, cancellation) is { } account && account.Id == speaker.Id ? account : null);

    // RFC 5321 4.5.1: mail for postmaster is always taken.
    private async ValueTask<Account?> FindPostmasterAsync(MailPath path, CancellationToken cancellation)
    {
        if (!AccountName.Postmaster.Equals(AccountName.TryParse(path.UnquotedLocalPart)))
            return null;
        await accounts.EnsurePostmasterAsync(cancellation);
        return await accounts.FindAsync(AccountName.Postmaster, cancellation);
    }
}
