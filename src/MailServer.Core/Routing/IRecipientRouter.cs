using MailServer.Core.Accounts;
using MailServer.Core.Wire;

namespace MailServer.Core.Routing;

/// <summary>Where an address leads.</summary>
public enum RouteKind
{
    /// <summary>To an account here.</summary>
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
public readonly record struct Route(RouteKind Kind, Account? Account = null);

/// <summary>Who asks for a route: a session's client.</summary>
/// <param name="Speaker">The account that the client speaks as, or null.</param>
public readonly record struct RouteClient(Peer Peer, Account? Speaker);

/// <summary>Decides where mail for an address goes: the one place for tags, catch-all, postmaster, our own literals, and sending on.</summary>
public interface IRecipientRouter
{
    /// <summary>Where mail for this address goes when this client sends it. May make postmaster's account.</summary>
    /// <exception cref="Mail.StoreFault">The store failed.</exception>
    ValueTask<Route> FindAsync(MailPath path, RouteClient client, CancellationToken cancellation);

    /// <summary>The account whose own address this is, or null: nobody else may send under it.</summary>
    /// <exception cref="Mail.StoreFault">The store failed.</exception>
    ValueTask<Account?> FindOwnerAsync(MailPath path, RouteClient client, CancellationToken cancellation);
}
