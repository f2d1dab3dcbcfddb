using System.Net;

namespace MailServer.Net;

/// <summary>Counts the connections of a server, in all and per address. Loopback counts only in all.</summary>
internal sealed class ConnectionLimiter(int total, int perAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private int _count;

    /// <summary>Takes a place. False when there is none left.</summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            if (_count >= total)
                return false;
            if (!IPAddress.IsLoopback(address))
            {
                var count = _addresses.GetValueOrDefault(address);
                if (count >= perAddress)
                    return false;
                _addresses[address] = count + 1;
            }

            _count++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _count--;
            if (_addresses.TryGetValue(address, out var count) && count > 1)
                _addresses[address] = count - 1;
            else
                _addresses.Remove(address);
        }
    }
}
