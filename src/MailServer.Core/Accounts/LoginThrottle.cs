using System.Net;
using System.Net.Sockets;
using MailServer.Core.Wire;

namespace MailServer.Core.Accounts;

/// <summary>
/// Counts failed logins per client address over ten minutes, so that guessing does not get faster with more connections.
/// Clients on this machine are exempt: they could read the store anyway, and share one address. Shared by both daemons.
/// </summary>
public sealed class LoginThrottle(TimeProvider clock, int limit)
{
    /// <summary>How long failures count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    // A flood of addresses must not fill the memory; those who fail most often come back soonest.
    private const int MaxAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, (int Failures, DateTimeOffset Since)> _addresses = [];

    /// <summary>Addresses that are being counted.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _addresses.Count;
        }
    }

    /// <summary>True when this client has failed too often to be heard for now.</summary>
    public bool IsBlocked(Peer peer)
    {
        if (peer.IsLoopback)
            return false;
        lock (_lock)
            return _addresses.TryGetValue(Network(peer.Address), out var entry) && !HasExpired(entry.Since) && entry.Failures >= limit;
    }

    /// <summary>Counts a failed login of this client.</summary>
    public void Fail(Peer peer)
    {
        if (peer.IsLoopback)
            return;
        var network = Network(peer.Address);
        lock (_lock)
        {
            var isKnown = _addresses.TryGetValue(network, out var entry) && !HasExpired(entry.Since);
            if (!isKnown && _addresses.Count >= MaxAddresses)
                MakeRoom();
            _addresses[network] = isKnown ? (entry.Failures + 1, entry.Since) : (1, clock.GetUtcNow());
        }
    }

    private bool HasExpired(DateTimeOffset since) => clock.GetUtcNow() - since >= Window;

    private void MakeRoom()
    {
        foreach (var (network, entry) in _addresses.ToArray())
        {
            if (HasExpired(entry.Since))
                _addresses.Remove(network);
        }

        if (_addresses.Count >= MaxAddresses)
            _addresses.Clear();
    }

    // Who has one IPv6 address has 2^64 of them.
    private static IPAddress Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        octets[8..].Clear();
        return new IPAddress(octets);
    }
}
