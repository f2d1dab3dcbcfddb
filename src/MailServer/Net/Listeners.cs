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
    private const int KeepAliveLimit = KeepAliveIdle + (KeepAliveInterval * KeepAliveProbes);

    // TCP_USER_TIMEOUT (RFC 5482) in milliseconds, for which .NET has no name. Linux counts a window that stays closed too.
    private const int LinuxUserTimeout = 18;

    private const int MaxTries = 20;

    /// <summary>Listens on every endpoint, or on none. Throws <see cref="ListenFault"/>.</summary>
    public static List<BoundListener> Bind(IEnumerable<EndPointText> endPoints, string option)
    {
        var listeners = new List<BoundListener>();
        try
        {
            foreach (var text in endPoints)
                listeners.AddRange(Bind(text, option));
            return listeners;
        }
        catch (ListenFault)
        {
            listeners.ForEach(bound => bound.Listener.Dispose());
            throw;
        }
    }

    // Where a name stands for two addresses, the machine may have one of them only.
    private static List<BoundListener> Bind(EndPointText text, string option)
    {
        for (var tries = 1; ; tries++)
        {
            var bound = new List<BoundListener>();
            ListenFault? missing = null;
            try
            {
                foreach (var endPoint in text.EndPoints)
                {
                    try
                    {
                        var port = endPoint.Port == 0 && bound is [var first, ..] ? first.EndPoint.Port : endPoint.Port;
                        bound.Add(new(Bind(new IPEndPoint(endPoint.Address, port), option), text.IsEncrypted));
                    }
                    catch (ListenFault fault) when (text.IsEitherEnough && IsWithoutAddress(fault))
                    {
                        missing ??= fault;
                    }
                }

                return bound is [] ? throw missing! : bound;
            }
            catch (ListenFault fault)
            {
                bound.ForEach(listener => listener.Listener.Dispose());

                // The free port of the one address may be taken on the other.
                if (bound is [] || text.EndPoints[^1].Port != 0 || tries == MaxTries || Code(fault) != SocketError.AddressAlreadyInUse)
                    throw;
            }
        }
    }

    private static TcpListener Bind(IPEndPoint endPoint, string option)
    {
        TcpListener? listener = null;
        try
        {
            listener = new TcpListener(endPoint);

            // IPv4 has sockets of its own, so that a client's address never comes as IPv4 mapped to IPv6.
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
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
            throw new ListenFault($"cannot listen on {endPoint}: {Reason(exception, option)}", exception);
        }
    }

    // A client that vanished without a FIN would hold its maildrop, and its place, as long as a session may be silent.
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveIdle);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveInterval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);

        // No probe is sent while octets are on their way: a client that vanished in the middle of an answer is noticed by this alone.
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxUserTimeout, BitConverter.GetBytes(KeepAliveLimit * 1000));
    }

    // Usual in containers: one of the protocols is switched off, or has no such address.
    private static bool IsWithoutAddress(ListenFault fault) => Code(fault) is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;

    private static SocketError? Code(ListenFault fault) => (fault.InnerException as SocketException)?.SocketErrorCode;

    private static string Reason(SocketException exception, string option) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"the port is in use; stop the program that holds it or choose another with {option}",
        SocketError.AccessDenied => $"ports below 1024 need more rights than this process has; grant them or choose another with {option}",
        SocketError.AddressNotAvailable => $"this machine has no such address; choose another with {option}",
        _ => $"{exception.Message}; choose another endpoint with {option}",
    };
}
