using System.Net;
using System.Net.Sockets;
using MailServer.Settings;

namespace MailServer.Net;

/// <summary>A socket that clients connect to.</summary>
/// <param name="IsEncrypted">True when TLS begins with a client's first octet.</param>
internal sealed record BoundListener(TcpListener Listener, bool IsEncrypted)
{
    /// <summary>Where it listens, with the real port.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)Listener.LocalEndpoint;
}

/// <summary>Binds the sockets of a server.</summary>
internal static class Listeners
{
    // Seconds, seconds and a count: together two minutes.
    private const int KeepAliveIdle = 60;
    private const int KeepAliveInterval = 15;
    private const int KeepAliveProbes = 4;

    /// <summary>Listens on every endpoint, or on none. Throws <see cref="ListenFault"/>.</summary>
    public static List<BoundListener> Bind(IEnumerable<EndPointText> endPoints, string option)
    {
        var listeners = new List<BoundListener>();
        try
        {
            foreach (var text in endPoints)
            {
                foreach (var endPoint in text.EndPoints)
                {
                    if (Bind(endPoint, text.IsIPv6Optional, option) is { } listener)
                        listeners.Add(new(listener, text.IsEncrypted));
                }
            }

            return listeners;
        }
        catch (ListenFault)
        {
            listeners.ForEach(bound => bound.Listener.Dispose());
            throw;
        }
    }

    // Null when the machine has no such address and nobody insists on it.
    private static TcpListener? Bind(IPEndPoint endPoint, bool isIPv6Optional, string option)
    {
        var isIPv6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        if (isIPv6 && isIPv6Optional && !Socket.OSSupportsIPv6)
            return null;
        TcpListener? listener = null;
        try
        {
            listener = new TcpListener(endPoint);

            // IPv4 has sockets of its own, so that a client's address never comes as IPv4 mapped to IPv6.
            if (isIPv6)
                listener.Server.DualMode = false;

            // Accepted sockets inherit both. Replies are written in batches: to wait for more of them (Nagle) only delays.
            listener.Server.NoDelay = true;
            KeepAlive(listener.Server);
            listener.Start();
            return listener;
        }
        catch (SocketException exception)
        {
            listener?.Dispose();
            if (!isIPv6 || !isIPv6Optional || !IsWithoutIPv6(exception))
                throw new ListenFault($"cannot listen on {endPoint}: {Reason(exception, option)}", exception);
            return null;
        }
    }

    // A client that vanished without a FIN would hold its maildrop, and its place, as long as a session may be silent.
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveIdle);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveInterval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }

    // IPv6 is compiled in but switched off, or has no such address: usual in containers.
    private static bool IsWithoutIPv6(SocketException exception) =>
        exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;

    private static string Reason(SocketException exception, string option) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"the port is in use; stop the program that holds it or choose another with {option}",
        SocketError.AccessDenied => $"ports below 1024 need more rights than this process has; grant them or choose another with {option}",
        SocketError.AddressNotAvailable => $"this machine has no such address; choose another with {option}",
        _ => $"{exception.Message}; choose another endpoint with {option}",
    };
}
