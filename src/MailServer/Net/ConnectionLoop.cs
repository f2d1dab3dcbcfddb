using MailServer.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace MailServer.Net;

/// <summary>
/// Carries one conversation: feeds the session what the client sends, flushes its replies, and keeps the deadlines.
/// Knows no protocol.
/// </summary>
internal sealed class ConnectionLoop : IDisposable
{
    // How long and how much of what a client still sends is dropped at the end.
    private const int LingerOctets = 1024 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Connection _connection;
    private readonly IProtocolSession _session;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _id;
    private readonly Deadline _deadline;
    private volatile bool _isReading;
    private volatile bool _isStopping;
    private TimeSpan _patience;
    private long _progress;
    private long _sent;

    /// <param name="connection">Owned from now on, like the session.</param>
    /// <param name="id">What the log calls this conversation.</param>
    public ConnectionLoop(Connection connection, IProtocolSession session, TimeProvider clock, ILogger logger, string id)
    {
        (_connection, _session, _clock, _logger, _id) = (connection, session, clock, logger, id);
        _deadline = new(clock, OnDeadline);
    }

    /// <summary>Runs the conversation to its end and frees the session and the connection. Never throws.</summary>
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
            // Clients come and go as they like.
        }
        catch (Exception exception)
        {
            _logger.SessionFault(exception, _id);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Asks for the end: at once when the session is idle, after the message when one is on its way in.</summary>
    public void Stop()
    {
        _isStopping = true;
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
            _session.Start(_connection.Output);
            await FlushAsync();
            while (_session.Wants == SessionWants.Input && !HasToEnd() && await ReceiveBatchAsync())
            {
                // Every turn is one batch of input.
            }
        }
        catch (Exception exception) when (!_connection.IsLost(exception))
        {
            _logger.SessionFault(exception, _id);
            _session.OnFault(_connection.Output);
        }

        await FlushAsync();
    }

    private bool HasToEnd()
    {
        if (_session.Progress != _progress || _connection.OctetsSent != _sent)
            Restart();
        if (_deadline.HasPassed)
        {
            _logger.TimedOut(_id);
            _session.OnTimeout(_connection.Output);
            return true;
        }

        if (HasToStop)
        {
            _session.OnShutdown(_connection.Output);
            return true;
        }

        return false;
    }

    private bool HasToStop => _isStopping && !_session.IsReceivingMessage;

    // Reads once, lets the session use what it can, and flushes all replies together, which is what makes PIPELINING
    // (RFC 2920) worth while. False when the client has ended its side.
    private async ValueTask<bool> ReceiveBatchAsync()
    {
        _isReading = true;
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
        return !result.IsCompleted;
    }

    // A client that does not listen any more may have sent commands before, a QUIT above all: they are carried out.
    // Reading tells when there are no more.
    private async ValueTask FlushAsync()
    {
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
        using var linger = new CancellationTokenSource(_isStopping ? TimeSpan.Zero : Linger, _clock);
        try
        {
            await _connection.FinishAsync(LingerOctets, linger.Token);
        }
        catch (OperationCanceledException) when (linger.IsCancellationRequested)
        {
            // The client has had its time.
        }
    }

    private void Restart()
    {
        (_progress, _sent, _patience) = (_session.Progress, _connection.OctetsSent, _session.Patience);
        _deadline.Restart(_patience);
    }

    private void OnDeadline()
    {
        if (_isReading)
        {
            _connection.Input.CancelPendingRead();
        }
        else if (_connection.IsSending && _sent == _connection.OctetsSent)
        {
            _logger.NotReading(_id);
            _connection.Abort();
        }
        else
        {
            // The time went into our own work, or into a long answer that is getting out.
            _sent = _connection.OctetsSent;
            _deadline.Restart(_patience);
        }
    }
}
