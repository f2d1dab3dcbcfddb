using MailServer.Core.Accounts;
using MailServer.Core.Wire;

namespace MailServer.Core.Routing;

/// <summary>Where an address leads.</summary>
public enum RouteKind
{
    /// <summary>To one or several accounts here.</summary>
    Local,

    /// <summary>To another server, which this client may send to; <see cref="LocalRouter"/> never says so.</summary>
    Remote,

    /// <summary>Nowhere: the domain is ours, and nobody has the name.</summary>
    Unknown,

    /// <summary>Nowhere: the domain is another's, and mail of this client is not sent on.</summary>
    NotRelayed,
}

/// <summary>Where an address leads.</summary>
/// <param name="Account">The account, for <see cref="RouteKind.Local"/>; else null.</param>
public readonly record struct Route(RouteKind Kind, Account? Account = null)
{
    /// <summary>Further accounts that an alias leads to, each once.</summary>
    public IReadOnlyList<Account> Others { get; init; } = [];

    /// <summary>True when one of the accounts has no password.</summary>
    public bool HasPasswordless => Account is { IsPasswordless: true } || Others.Any(other => other.IsPasswordless);

    /// <summary>The account of this id among those that it leads to, or null.</summary>
    public Account? Find(long id) => Account?.Id == id ? Account : Others.FirstOrDefault(other => other.Id == id);
}

/// <summary>Who asks for a route: a session's client.</summary>
/// <param name="Speaker">The account that the client speaks as, or null.</param>
public readonly record struct RouteClient(Peer Peer, Account? Speaker);

/// <summary>Decides where mail for an address goes: the one place for aliases, tags, catch-all, postmaster, our own literals, and sending on.</summary>
public interface IRecipientRouter
{
    /// <summary>Where mail for this address goes when this client sends it. May make postmaster's account.</summary>
    /// <exception cref="Mail.StoreFault">The store failed.</exception>
    ValueTask<Route> FindAsync(MailPath path, RouteClient client, CancellationToken cancellation);

    /// <summary>
    /// Whose own address this is: a local route to the account, or to those of an alias, or an unknown one. Nobody else may send under it.
    /// </summary>
    /// <exception cref="Mail.StoreFault">The store failed.</exception>
    ValueTask<Route> FindOwnersAsync(MailPath path, RouteClient client, CancellationToken cancellation);
}
