using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MailServer.Benchmarks.Load;

namespace MailServer.Benchmarks.Compare;

/// <summary>Writes what was measured as a table for docs/performance.md.</summary>
internal static class ComparisonTable
{
    private const string Begin = "<!-- compare: begin -->";
    private const string End = "<!-- compare: end -->";
    private const double IdleBar = 8 * 1024;
    private const double MemoryBar = 100;

    /// <summary>The table with what stands above it.</summary>
    /// <param name="idle">What idle SMTP connections cost the targets, ours last.</param>
    /// <param name="missing">Why there is nothing to compare with, or null.</param>
    public static string Format(ComparisonResult result, IReadOnlyList<IdleResult> idle, int repetitions, string? missing)
    {
        var (ours, sink) = (result.Targets[^2], result.Targets[^1]);
        var other = result.Targets.Count > 2 ? result.Targets[0] : null;
        var text = new StringBuilder();
        text.AppendLine(Machine()).AppendLine();
        text.AppendLine(Invariant($"Medians of {repetitions} runs, taken in turn. {(missing is null ? "" : $"Nothing to compare with: {missing}. ")}")
            + "\"Nothing stored\" is a server that answers the protocols and does no more: what the generator and the machine allow.").AppendLine();
        text.AppendLine(Invariant($"| load | {other?.Name ?? "-"} | {ours.Name} | ratio | bar | p99 ms, other / ours | {sink.Name} |"));
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var row in Matrix.Rows)
        {
            var own = result.Figures[(row, ours)];
            var others = other is null ? null : result.Figures[(row, other)];
            text.AppendLine(Invariant(
                $"| {row.Load} | {Cell(others, row)} | {Cell(own, row)} | {Ratio(others, own, row.Bar)} | {row.Bar}x | {P99(others)} / {P99(own)} | {result.Figures[(row, sink)].Median:N0} |"));
        }

        var use = result.Use[ours];
        text.AppendLine(Invariant(
            $"| memory after all of this, resident / proportional | {Memory(result, other)} | {use.ResidentMegabytes:N0} / {use.ProportionalMegabytes:N0} MB (peak {use.PeakMegabytes:N0}) | {Verdict(use.ResidentMegabytes < MemoryBar)} | < {MemoryBar} MB | | |"));
        text.AppendLine(Invariant(
            $"| memory of an idle SMTP connection | {Idle(idle.Count > 1 ? idle[0] : null)} | {Idle(idle[^1])} | {Verdict(idle[^1].BytesPerConnection < IdleBar)} | < 8 KB | | |"));
        return text.ToString();
    }

    /// <summary>Puts the table between the markers of a file. Throws <see cref="CompareFault"/> when it has none.</summary>
    public static async Task WriteAsync(string path, string table)
    {
        var text = await File.ReadAllTextAsync(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new CompareFault($"{path} has no place for the table between {Begin} and {End}");
        await File.WriteAllTextAsync(path, text[..(begin + Begin.Length)] + "\n" + table + text[end..]);
    }

    private static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return $"{date}: {Environment.ProcessorCount} processors ({model}), {memory} GB, {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.FrameworkDescription}; load average at the end {load}. Sender and server share the machine.";
    }

    private static string Cell(RowFigure? figure, MatrixRow row) => figure is null
        ? "-"
        : Invariant($"{figure.Median:N0} {row.Unit}") + (figure.Errors == 0 ? "" : Invariant($" ({figure.Errors} errors: {figure.FirstError})"));

    private static string Ratio(RowFigure? other, RowFigure own, double bar) => other is null
        ? "-"
        : Invariant($"{own.Median / other.Median:0.0}x {Verdict(own.Median / other.Median >= bar)}");

    private static string P99(RowFigure? figure) => figure is null ? "-" : Invariant($"{figure.P99:0.0}");

    private static string Verdict(bool isMet) => isMet ? "met" : "**missed**";

    private static string Memory(ComparisonResult result, Target? target) => target is null
        ? "-"
        : Invariant($"{result.Use[target].ResidentMegabytes:N0} / {result.Use[target].ProportionalMegabytes:N0} MB ({result.Use[target].Processes} processes)");

    private static string Idle(IdleResult? idle) => idle is null
        ? "-"
        : Invariant($"{idle.BytesPerConnection / 1024:N1} KB ({idle.Connections:N0} held)");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
