using System.Globalization;

namespace MailServer.Benchmarks.Load;

/// <summary>What a server's processes used.</summary>
/// <param name="CpuSeconds">Of all processors, in user and kernel.</param>
/// <param name="PeakMegabytes">The sum of each process's largest resident set, in which shared pages count each time.</param>
/// <param name="ResidentMegabytes">The sum of the resident sets now.</param>
/// <param name="ProportionalMegabytes">The sum now with shared pages divided among those who share them.</param>
internal sealed record ServerUse(double CpuSeconds, double PeakMegabytes, double ResidentMegabytes, double ProportionalMegabytes, int Processes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{CpuSeconds:0.00} s CPU, {PeakMegabytes:0.0} MB peak, {ResidentMegabytes:0.0} MB resident now, {ProportionalMegabytes:0.0} MB proportional, {Processes} processes");
}

/// <summary>Reads from /proc what a server's processes use, those that they started included.</summary>
internal sealed class ServerWatch
{
    // Of /proc/PID/stat, the fields behind the name, counted from 0.
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int LastTime = 14;
    private const double TicksPerSecond = 100;

    private readonly IReadOnlyList<int> _roots;
    private readonly double _cpuAtStart;

    /// <summary>Starts counting.</summary>
    public ServerWatch(IReadOnlyList<int> roots)
    {
        _roots = roots;
        _cpuAtStart = CpuSeconds(Tree(roots));
    }

    /// <summary>Null when there is nothing to watch.</summary>
    public static ServerWatch? Start(IReadOnlyList<int> roots) => roots.Count == 0 ? null : new(roots);

    /// <summary>The use since the start.</summary>
    public ServerUse Read()
    {
        var tree = Tree(_roots);
        var (peak, resident, proportional) = (0.0, 0.0, 0.0);
        foreach (var pid in tree.Keys)
        {
            peak += Megabytes($"/proc/{pid}/status", "VmHWM:");
            resident += Megabytes($"/proc/{pid}/status", "VmRSS:");
            proportional += Megabytes($"/proc/{pid}/smaps_rollup", "Pss:");
        }

        return new(CpuSeconds(tree) - _cpuAtStart, peak, resident, proportional, tree.Count);
    }

    // The times of children that have ended count with their parents.
    private static double CpuSeconds(Dictionary<int, string[]> tree) =>
        tree.Values.Sum(fields => fields[UserTime..(LastTime + 1)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture))) / TicksPerSecond;

    private static Dictionary<int, string[]> Tree(IReadOnlyList<int> roots)
    {
        var all = new Dictionary<int, string[]>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && Stat(directory) is { } fields)
                all[pid] = fields;
        }

        var children = all.ToLookup(process => int.Parse(process.Value[Parent], CultureInfo.InvariantCulture), process => process.Key);
        var tree = new Dictionary<int, string[]>();
        var open = new Stack<int>(roots);
        while (open.TryPop(out var pid))
        {
            if (!all.TryGetValue(pid, out var fields) || !tree.TryAdd(pid, fields))
                continue;
            foreach (var child in children[pid])
                open.Push(child);
        }

        return tree;
    }

    private static string[]? Stat(string directory)
    {
        try
        {
            // The name may hold blanks and parentheses.
            var text = File.ReadAllText(directory + "/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double Megabytes(string path, string name)
    {
        try
        {
            var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words is null ? 0 : long.Parse(words[1], CultureInfo.InvariantCulture) / 1024.0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
