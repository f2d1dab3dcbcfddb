using System.Diagnostics.Metrics;

namespace MailServer;

/// <summary>What can be measured from outside while the servers run: the meter <c>MailServer</c>, listed in docs/operating.md.</summary>
internal sealed class Metrics : IDisposable
{
    private readonly Meter _meter = new("MailServer");
    private readonly UpDownCounter<long> _open;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _received;
    private readonly Counter<long> _receivedOctets;
    private readonly Counter<long> _retrieved;
    private readonly Counter<long> _retrievedOctets;
    private readonly Counter<long> _deleted;
    private readonly Counter<long> _logins;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _faults;
    private readonly Histogram<long> _commitOperations;
    private readonly Histogram<double> _commitDuration;
    private int _hasTold;

    public Metrics()
    {
        _open = _meter.CreateUpDownCounter<long>("mailserver.connections.open", "{connection}", "Connections that are open");
        _connections = _meter.CreateCounter<long>("mailserver.connections", "{connection}", "Connections, by whether they were taken or refused");
        _received = _meter.CreateCounter<long>("mailserver.messages.received", "{message}", "Messages that are on disk for their recipients");
        _receivedOctets = _meter.CreateCounter<long>("mailserver.messages.received.size", "By", "Octets of those messages");
        _retrieved = _meter.CreateCounter<long>("mailserver.messages.retrieved", "{message}", "Messages that were sent whole by POP3");
        _retrievedOctets = _meter.CreateCounter<long>("mailserver.messages.retrieved.size", "By", "Octets of those messages");
        _deleted = _meter.CreateCounter<long>("mailserver.messages.deleted", "{message}", "Messages deleted at QUIT");
        _logins = _meter.CreateCounter<long>("mailserver.logins", "{login}", "Logins, by outcome");
        _refusals = _meter.CreateCounter<long>("mailserver.refusals", "{reply}", "Commands and messages that were refused, by the reply's code");
        _faults = _meter.CreateCounter<long>("mailserver.faults", "{fault}", "Errors of ours, by where they arose");
        _commitOperations = _meter.CreateHistogram<long>("mailserver.store.commit.operations", "{operation}", "Writes that shared a commit");
        _commitDuration = _meter.CreateHistogram<double>("mailserver.store.commit.duration", "s", "Time that a commit took, with its fsync");
    }

    /// <summary>Tells once that a listener of the meter threw. Sessions go on as if it had not.</summary>
    public event Action<Exception>? ListenerFailed;

    /// <summary>The instruments' meter, for whoever listens in the same process.</summary>
    public Meter Meter => _meter;

    /// <summary>A connection was taken.</summary>
    public void Connected(string protocol)
    {
        Add(_open, 1, Protocol(protocol));
        Add(_connections, 1, Protocol(protocol), Outcome("taken"));
    }

    /// <summary>A connection that was taken has ended.</summary>
    public void Disconnected(string protocol) => Add(_open, -1, Protocol(protocol));

    /// <summary>A connection was refused at a limit.</summary>
    public void ConnectionRefused(string protocol) => Add(_connections, 1, Protocol(protocol), Outcome("refused"));

    public void Received(long octets)
    {
        Add(_received, 1);
        Add(_receivedOctets, octets);
    }

    public void Retrieved(long octets)
    {
        Add(_retrieved, 1);
        Add(_retrievedOctets, octets);
    }

    public void Deleted(int count) => Add(_deleted, count);

    public void LoggedIn(string protocol) => Add(_logins, 1, Protocol(protocol), Outcome("accepted"));

    public void LoginRefused(string protocol) => Add(_logins, 1, Protocol(protocol), Outcome("refused"));

    /// <summary>A reply refused something.</summary>
    /// <param name="status">Its code: <c>550 5.1.1</c>, <c>AUTH</c>, <c>-ERR</c>.</param>
    public void Refused(string protocol, string status) => Add(_refusals, 1, Protocol(protocol), new("code", status));

    /// <summary>Something of ours failed.</summary>
    /// <param name="where"><c>store</c> or <c>session</c>.</param>
    public void Failed(string where) => Add(_faults, 1, new KeyValuePair<string, object?>("where", where));

    public void Committed(int operations, TimeSpan duration)
    {
        Record(_commitOperations, operations);
        Record(_commitDuration, duration.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private void Add(Counter<long> counter, long value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(value, tags);
        }
        catch (Exception exception)
        {
            Tell(exception);
        }
    }

    private void Add(UpDownCounter<long> counter, long value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(value, tags);
        }
        catch (Exception exception)
        {
            Tell(exception);
        }
    }

    private void Record<T>(Histogram<T> histogram, T value)
        where T : struct
    {
        try
        {
            histogram.Record(value);
        }
        catch (Exception exception)
        {
            Tell(exception);
        }
    }

    private void Tell(Exception exception)
    {
        if (Interlocked.Exchange(ref _hasTold, 1) == 0)
            ListenerFailed?.Invoke(exception);
    }

    // The code alone: texts would make a time series of every account name.
    private static KeyValuePair<string, object?> Protocol(string name) => new("protocol", name);

    private static KeyValuePair<string, object?> Outcome(string name) => new("outcome", name);
}
