namespace MailServer.Net;

/// <summary>One timer for the life of a connection, set anew as often as needed.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Action _onPassed;
    private readonly ITimer _timer;
    private long _due = long.MaxValue;

    /// <param name="onPassed">Called on a thread of the clock's each time a deadline passes.</param>
    public Deadline(TimeProvider clock, Action onPassed)
    {
        (_clock, _onPassed) = (clock, onPassed);
        _timer = clock.CreateTimer(
            static deadline => ((Deadline)deadline!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool HasPassed => Left <= TimeSpan.Zero;

    private TimeSpan Left => _clock.GetElapsedTime(_clock.GetTimestamp(), Interlocked.Read(ref _due));

    /// <summary>Moves the deadline to this long from now.</summary>
    public void Restart(TimeSpan patience)
    {
        Interlocked.Exchange(ref _due, _clock.GetTimestamp() + (long)(patience.TotalSeconds * _clock.TimestampFrequency));
        _timer.Change(patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls again after this long, without moving the deadline that has passed.</summary>
    public void CheckAgain(TimeSpan after) => _timer.Change(after, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    // A timer may fire a little early, or just while the deadline is being moved.
    private void OnTimer()
    {
        if (Left is var left && left > TimeSpan.Zero)
            _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        else
            _onPassed();
    }
}
