namespace MailServer.Testing;

/// <summary>A clock that stands still until a test moves it, with its timers.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private TaskCompletionSource _nextTimerSet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _timersSet;

    /// <summary>The time. Setting it fires nothing: a timer that is due by then fires at the next <see cref="Advance"/>.</summary>
    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_lock)
                return _now;
        }

        set
        {
            lock (_lock)
                _now = value.ToUniversalTime();
        }
    }

    /// <summary>The time until the next timer fires; zero when one is due already, null when none is set.</summary>
    public TimeSpan? NextTimerDue
    {
        get
        {
            lock (_lock)
                return Next() is { } next ? TimeSpan.FromTicks(Math.Max(0, (next.Due!.Value - _now).Ticks)) : null;
        }
    }

    /// <summary>How often a timer was set so far.</summary>
    public long TimersSet => Interlocked.Read(ref _timersSet);

    /// <summary>Returns once the condition holds, which is looked at now and each time that a timer is set. Throws <see cref="TimeoutException"/> when it never does.</summary>
    public async Task UntilAsync(Func<ManualTimeProvider, bool> condition)
    {
        while (true)
        {
            var next = NextTimerSet;
            if (condition(this))
                return;
            await next.WaitAsync(HangGuard.Limit);
        }
    }

    /// <summary>Completes when a timer is set the next time.</summary>
    public Task NextTimerSet
    {
        get
        {
            lock (_lock)
                return _nextTimerSet.Task;
        }
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Moves the time on and fires, in the order of their times, the timers that come due, on the caller's thread.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var end = UtcNow + time;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        UtcNow = end;
    }

    public override DateTimeOffset GetUtcNow() => UtcNow;

    public override long GetTimestamp() => UtcNow.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private void TellTimerSet()
    {
        TaskCompletionSource set;
        lock (_lock)
        {
            _timersSet++;
            set = _nextTimerSet;
            _nextTimerSet = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        set.SetResult();
    }

    private ManualTimer? Next() => _timers.Where(timer => timer.Due is not null).MinBy(timer => timer.Due);

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            if (Next() is not { } timer || timer.Due > end)
                return null;
            if (timer.Due > _now)
                _now = timer.Due.Value;
            timer.Due = timer.Period > TimeSpan.Zero ? timer.Due + timer.Period : null;
            return timer;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                if (!clock._timers.Contains(this))
                    return false;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
                Period = period;
            }

            if (dueTime != Timeout.InfiniteTimeSpan)
                clock.TellTimerSet();
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
