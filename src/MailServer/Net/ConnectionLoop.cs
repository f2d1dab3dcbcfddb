using System.Runtime.CompilerServices;
using MailServer.Core.Sessions;
using Microsoft.Extensions.Logging;

namespace MailServer.Net;

/// <summary>
/// Carries one connection: feeds the session what the client sends, flushes its replies, and keeps the deadlines.
/// Knows no protocol.
/// </summary>
internal sealed class ConnectionLoop : IDisposable
{
    // How long and how much of what a client still sends is dropped at the end.
    private const int LingerOctets = 1024 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Connection _connection;
    private readonly IProtocolSession _session;
    private readonly ConnectionServices _shared;
    private readonly ILogger _logger;
    private readonly string _id;
    private readonly Deadline _deadline;
    private volatile bool _isReading;
    private volatile bool _isStopping;
    private volatile bool _isStoppingWithinMessage;
    private volatile bool _isShakingHands;
    private TimeSpan _patience;
    private long _progressAtTls = -1;
    private bool _hasEnded;
    private long _progress;
    private long _sent;
    private long _sentAtCheck;

    /// <param name="connection">Owned from now on, like the session.</param>
    /// <param name="id">What the log calls this session.</param>
    public ConnectionLoop(Connection connection, IProtocolSession session, ConnectionServices shared, ILogger logger, string id)
    {
        (_connection, _session, _shared, _logger, _id) = (connection, session, shared, logger, id);
        _deadline = new(shared.Clock, OnDeadline);
    }

    /// <summary>True when the handshake comes before the greeting (ports 465 and 995).</summary>
    public bool BeginsEncrypted { get; init; }

    /// <summary>Runs the session to its end and frees the session and the connection. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            await using (_session)
                await ConverseAsync();
            if (!_connection.Aborted.IsCancellationRequested)
                await FinishAsync();
        }
        catch (Exception exception) when (_connection.IsLost(exception))
        {
            // The client disconnected: no error.
        }
        catch (Exception exception)
        {
            _shared.Metrics.Failed("session");
            _logger.SessionFault(exception, _id);
        }
        finally
        {
            // No line since the handshake: the client probably rejected the certificate.
            if (_session.Progress == _progressAtTls && !_hasEnded)
                _logger.HandshakeFailed(_id, _shared.Tls!.HungUp);
            Dispose();
        }
    }

    /// <summary>Asks for the end: at once when the session is idle or in a handshake, or else after the message that is on its way in.</summary>
    public void Stop(bool evenWithinMessage)
    {
        _isStoppingWithinMessage = evenWithinMessage;
        _isStopping = true;
        if (_isShakingHands)
            _connection.Abort();
        else
            _connection.Input.CancelPendingRead();
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort() => _connection.Abort();

    public void Dispose()
    {
        _deadline.Dispose();
        _connection.Dispose();
    }

    // The one place where a fault of ours becomes an answer.
    private async Task ConverseAsync()
    {
        try
        {
            Restart();
            if (BeginsEncrypted && !await StartTlsAsync())
                return;
            _session.Start(_connection.Output);
            await FlushAsync();
            while (_session.Wants != SessionWants.Close && !CheckEnd() && await ReceiveBatchAsync())
            {
                // Every turn is one batch of input.
            }
        }
        catch (Exception exception) when (!_connection.IsLost(exception))
        {
            _shared.Metrics.Failed("session");
            _logger.SessionFault(exception, _id);
            _session.OnFault(_connection.Output);
        }

        Restart();
        await FlushAsync();
    }

    private bool CheckEnd()
    {
        // From here on a deadline that passes wakes the read, even if it has yet to begin.
        _isReading = true;
        if (_session.Progress != _progress || _connection.OctetsSent != _sent)
            Restart();
        if (_deadline.HasPassed)
        {
            _hasEnded = true;
            _logger.TimedOut(_id);
            _session.OnTimeout(_connection.Output);
            return true;
        }

        if (HasToStop)
        {
            _hasEnded = true;
            _session.OnShutdown(_connection.Output);
            return true;
        }

        return false;
    }

    private bool HasToStop => _isStopping && (_isStoppingWithinMessage || !_session.IsReceivingMessage);

    // Reads once, lets the session use what it can, and flushes all replies together, which is what makes PIPELINING
    // (RFC 2920) worth while. False when the client has ended its side.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveBatchAsync()
    {
        var result = await _connection.Input.ReadAsync(_connection.Aborted);
        _isReading = false;

        var rest = result.Buffer;
        while (!rest.IsEmpty && _session.Wants == SessionWants.Input && !HasToStop)
        {
            var position = await _session.ReceiveAsync(rest, _connection.Output, _connection.Aborted);
            var left = rest.Slice(position);
            if (left.Length == rest.Length)
                break;
            rest = left;
        }

        _connection.Input.AdvanceTo(rest.Start, rest.End);
        await FlushAsync();
        if (_session.Wants == SessionWants.TlsHandshake && !result.IsCompleted)
            return await UpgradeAsync(rest.IsEmpty);
        return !result.IsCompleted;
    }

    // Octets that came in clear behind STARTTLS were not sent by whoever then does the handshake, or may not have been:
    // nobody answers them, and the session is over (CVE-2011-0411, CVE-2021-38542).
    private async ValueTask<bool> UpgradeAsync(bool isInputUsedUp)
    {
        if (!isInputUsedUp)
        {
            _logger.Injection(_id);
            _connection.Abort();
            return false;
        }

        if (!await StartTlsAsync())
            return false;
        _session.OnTlsStarted();
        return true;
    }

    private async ValueTask<bool> StartTlsAsync()
    {
        // A handshake is no message: nobody waits for it at the end.
        _isShakingHands = true;
        if (_isStopping)
            return false;
        try
        {
            if (await _shared.Tls!.StartAsync(_connection, BeginsEncrypted, _shared.Clock) is not { } failure)
            {
                _progressAtTls = _session.Progress;
                return true;
            }

            _logger.HandshakeFailed(_id, failure);
            _connection.Abort();
            return false;
        }
        finally
        {
            _isShakingHands = false;
        }
    }

    // A client that does not listen any more may have sent commands before, a QUIT above all: they are carried out.
    // Reading tells when there are no more.
    private async ValueTask FlushAsync()
    {
        _isReading = false;
        try
        {
            await _connection.Output.FlushAsync(_connection.Aborted);
        }
        catch (Exception exception) when (_connection.IsLost(exception))
        {
        }
    }

    private async Task FinishAsync()
    {
        using var linger = new CancellationTokenSource(_isStopping ? TimeSpan.Zero : Linger, _shared.Clock);
        try
        {
            await _connection.FinishAsync(LingerOctets, linger.Token);
        }
        catch (OperationCanceledException) when (linger.IsCancellationRequested)
        {
            // The linger time is over.
        }
    }

    private void Restart()
    {
        (_progress, _sent, _patience) = (_session.Progress, _connection.OctetsSent, _session.Patience);
        _sentAtCheck = _sent;
        _deadline.Restart(_patience);
    }

    private void OnDeadline()
    {
        var sent = _connection.OctetsSent;
        if (_isReading)
        {
            _connection.Input.CancelPendingRead();
        }
        else if (_connection.IsSending && sent == _sentAtCheck)
        {
            _logger.NotReading(_id);
            _connection.Abort();
        }
        else
        {
            // The time went into our own work, or into a long answer that is getting out.
            _sentAtCheck = sent;
            _deadline.CheckAgain(_patience);
        }
    }
}
