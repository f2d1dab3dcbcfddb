using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;
using MailServer.Settings;
using Microsoft.Extensions.Logging;

namespace MailServer.Net;

/// <summary>
/// A daemon: listens, takes clients in up to its limits, runs one session per client, and stops in order.
/// </summary>
/// <param name="protocol">What tells one daemon from another before anybody has connected.</param>
internal abstract class ServerBase(WireProtocol protocol, ConnectionServices shared, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan MessageGrace = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FarewellGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ConnectionLimiter _limiter = new(shared.Limits.Connections, shared.Limits.ConnectionsPerAddress);
    private readonly ConcurrentDictionary<ConnectionLoop, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private List<BoundListener> _listeners = [];
    private Task _accepting = Task.CompletedTask;
    private long _lastId;

    /// <summary>Where the server listens, with the real ports.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(bound => bound.EndPoint)];

    /// <summary>A port where somebody at this machine can talk in clear text; null when there is none.</summary>
    public int? PlainLocalPort => _listeners
        .FirstOrDefault(bound => !bound.IsEncrypted && (IPAddress.IsLoopback(bound.EndPoint.Address) || bound.EndPoint.Address.Equals(IPAddress.Any)))?.EndPoint.Port;

    /// <summary>
    /// Binds the endpoints; clients may connect from now on and are served after <see cref="Start"/>. Without endpoints it
    /// binds the standard port of localhost, or the other port where the standard one is not permitted.
    /// Throws <see cref="ListenFault"/>.
    /// </summary>
    public void Bind(IReadOnlyList<EndPointText> endPoints)
    {
        try
        {
            _listeners = Listeners.Bind(endPoints is [] ? [EndPointText.Localhost(protocol.StandardPort)] : endPoints, protocol.Option);
        }
        catch (ListenFault fault) when (endPoints is [] && fault.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            logger.StandardPortNotPermitted(protocol.Name, protocol.StandardPort, protocol.OtherPort);
            _listeners = Listeners.Bind([EndPointText.Localhost(protocol.OtherPort)], protocol.Option);
        }
    }

    /// <summary>Serves clients until <see cref="StopAsync"/>.</summary>
    public void Start()
    {
        _accepting = Task.WhenAll(_listeners.Select(listener => Task.Run(() => AcceptAsync(listener))));
        foreach (var bound in _listeners)
            logger.Listening(protocol.Name, bound.EndPoint, bound.IsEncrypted ? " with TLS" : "");
    }

    /// <summary>
    /// Takes no more clients, says goodbye to the idle ones, gives a message on its way some seconds, then says goodbye to
    /// its sender too, and cuts off whoever does not listen to that. All within ten seconds.
    /// </summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listeners.ForEach(bound => bound.Listener.Dispose());
        foreach (var connection in _connections.Keys)
            connection.Stop(evenWithinMessage: false);
        if (await HaveEndedAsync(MessageGrace))
            return;
        logger.CuttingOff(protocol.Name, _connections.Count);
        foreach (var connection in _connections.Keys)
            connection.Stop(evenWithinMessage: true);
        if (await HaveEndedAsync(FarewellGrace))
            return;
        foreach (var connection in _connections.Keys)
            connection.Abort();
        await Task.WhenAll(_connections.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
    }

    protected abstract IProtocolSession CreateSession(Peer peer, ISessionObserver observer);

    private async Task<bool> HaveEndedAsync(TimeSpan grace)
    {
        try
        {
            await Task.WhenAll(_connections.Values).WaitAsync(grace, shared.Clock);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task AcceptAsync(BoundListener bound)
    {
        var pause = FirstPause;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Admit(await bound.Listener.AcceptSocketAsync(_stopping.Token), bound.IsEncrypted);
                pause = FirstPause;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Usually the process is out of file descriptors, and trying again at once would only burn the processor.
                logger.AcceptFailed(protocol.Name, exception.Message, pause);
                pause = await PauseAsync(pause);
            }
            catch (Exception exception)
            {
                // An error of ours costs one client its connection; a daemon that takes nobody any more must not look alive.
                logger.AcceptBroken(exception, protocol.Name, pause);
                pause = await PauseAsync(pause);
            }
        }
    }

    private async Task<TimeSpan> PauseAsync(TimeSpan pause)
    {
        await Task.Delay(pause, shared.Clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
    }

    // Throws when the client could not be taken in; then neither its socket nor its place is held any more.
    private void Admit(Socket socket, bool isEncrypted)
    {
        IPAddress? entered = null;
        try
        {
            var address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            if (_limiter.TryEnter(address))
            {
                entered = address;
                Converse(socket, address, isEncrypted);
                return;
            }

            shared.Metrics.ConnectionRefused(protocol.Name);
            logger.TooManyConnections(protocol.Name, address);
            Refuse(socket);
        }
        catch
        {
            socket.Dispose();
            if (entered is not null)
                _limiter.Leave(entered);
            throw;
        }
    }

    private void Converse(Socket socket, IPAddress address, bool isEncrypted)
    {
        var id = protocol.Name[..1].ToLowerInvariant() + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var log = new SessionLog(logger, shared.Metrics, id, protocol.Name, address, shared.WantsTranscript);
        var session = CreateSession(new Peer(address, isEncrypted) { LocalAddress = ((IPEndPoint)socket.LocalEndPoint!).Address }, log);
        var connection = new ConnectionLoop(new Connection(socket), session, shared, logger, id) { BeginsEncrypted = isEncrypted };

        // Added before the task starts, so that a fast one can remove itself.
        var task = new Task<Task>(() => RunAsync(connection, log, address, id));
        _connections[connection] = task.Unwrap();
        task.Start(TaskScheduler.Default);
    }

    private async Task RunAsync(ConnectionLoop connection, SessionLog log, IPAddress address, string id)
    {
        try
        {
            shared.Metrics.Connected(protocol.Name);
            log.Began();
            await connection.RunAsync();
            log.Ended();
            shared.Metrics.Disconnected(protocol.Name);
        }
        catch (Exception exception)
        {
            // Only a log that throws gets here, or a session that throws at its end.
            logger.SessionFault(exception, id);
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
            _limiter.Leave(address);
        }
    }

    private void Refuse(Socket socket)
    {
        using (socket)
        {
            try
            {
                // The send buffer of a new connection is empty: this cannot block.
                socket.Send(Encoding.ASCII.GetBytes(protocol.Refusal + "\r\n"));
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The client did not wait for the refusal.
            }
        }
    }
}
