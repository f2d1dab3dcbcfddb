using System.Globalization;

namespace MailServer.Host.Tests;

public sealed class LowPriorityThreadsTests
{
    private const string Name = "a name to find";

    [Fact]
    public async Task Work_is_done_there_and_whoever_awaits_it_goes_on_elsewhere()
    {
        using var threads = new LowPriorityThreads(2, Name);
        for (var i = 0; i < 20; i++)
        {
            var where = await Task.Factory.StartNew(() => Thread.CurrentThread.Name, CancellationToken.None, TaskCreationOptions.None, threads);
            Assert.Equal(Name, where);
            Assert.NotEqual(Name, Thread.CurrentThread.Name);
        }
    }

    [Fact]
    public async Task No_more_is_done_at_a_time_than_there_are_threads()
    {
        using var threads = new LowPriorityThreads(2, Name);
        var (now, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var count = Interlocked.Increment(ref now);
                most = Math.Max(most, count);
                Thread.SpinWait(100_000);
                Interlocked.Decrement(ref now);
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            threads)));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Linux_gives_their_work_less_of_the_processor()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var threads = new LowPriorityThreads(1, Name);
        var stat = await Task.Factory.StartNew(() => File.ReadAllText("/proc/thread-self/stat"), CancellationToken.None, TaskCreationOptions.None, threads);

        // proc(5): the nice value is field 19; fields are counted behind the name, which is the second.
        // Where the tests themselves run with less, there it stays.
        Assert.InRange(int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19 - 3], CultureInfo.InvariantCulture), 10, 19);
    }
}
