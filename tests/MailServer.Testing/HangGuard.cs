namespace MailServer.Testing;

/// <summary>
/// How long a test waits for what must come. Tests wait for events and never measure time: only a broken program lets one wait
/// this long, however busy the machine and however slow its disk.
/// </summary>
public static class HangGuard
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The same in whole seconds, for programs that are told how long to wait.</summary>
    public static int Seconds => (int)Limit.TotalSeconds;
}
