using System.Net;

namespace MailServer.Core.Wire;

/// <summary>Who is at the other end of a connection.</summary>
/// <param name="Address">The client's address; an IPv4 address mapped to IPv6 is given as IPv4.</param>
/// <param name="IsEncrypted">True when the connection began with TLS (ports 465 and 995).</param>
public sealed record Peer(IPAddress Address, bool IsEncrypted = false)
{
    /// <summary>True for a client on this machine, which is trusted with clear-text passwords and, by default, with registration.</summary>
    public bool IsLoopback { get; } = IPAddress.IsLoopback(Address);

    /// <summary>The address of ours that the client has reached; null where it is not known.</summary>
    public IPAddress? LocalAddress { get; init; }
}
