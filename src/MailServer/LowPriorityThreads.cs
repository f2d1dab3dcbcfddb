using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace MailServer;

/// <summary>Threads for work that takes long and must not slow down anything else. Whoever awaits the work goes on elsewhere.</summary>
internal sealed class LowPriorityThreads : TaskScheduler, IDisposable
{
    // About a tenth of the weight of an ordinary thread: on a busy machine a login still ends within a second or so.
    private const int Niceness = 10;

    private readonly BlockingCollection<Task> _work = [];

    /// <param name="name">What the threads are called.</param>
    public LowPriorityThreads(int count, string name)
    {
        MaximumConcurrencyLevel = count;
        for (var i = 0; i < count; i++)
            new Thread(Run) { IsBackground = true, Name = name, Priority = ThreadPriority.BelowNormal }.Start();
    }

    public override int MaximumConcurrencyLevel { get; }

    /// <summary>Lets the threads end once their work is done.</summary>
    public void Dispose() => _work.CompleteAdding();

    protected override void QueueTask(Task task) => _work.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _work];

    private void Run()
    {
        // The runtime does not pass a thread's priority on to Linux, where a thread has a nice value of its own. Without
        // the right to set it the work is done all the same.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(which: 0, who: 0, Niceness);
        foreach (var task in _work.GetConsumingEnumerable())
            TryExecuteTask(task);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
