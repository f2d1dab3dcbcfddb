using MailServer.Benchmarks.Load;

namespace MailServer.Benchmarks.Compare;

/// <summary>What a row's runs on one target came to.</summary>
internal sealed record RowFigure(double Median, double P99, long Errors, string? FirstError);

/// <summary>Everything that was measured.</summary>
/// <param name="Figures">By row and target.</param>
/// <param name="Use">What each target used when all was done.</param>
internal sealed record ComparisonResult(
    IReadOnlyList<Target> Targets,
    IReadOnlyDictionary<(MatrixRow, Target), RowFigure> Figures,
    IReadOnlyDictionary<Target, ServerUse> Use);

/// <summary>Runs the matrix on all targets in turn, so that whatever else the machine does meets each of them alike.</summary>
/// <param name="repetitions">Measured runs of each row on each target; the median counts.</param>
/// <param name="scale">How much of each load; 1 takes some seconds a row.</param>
/// <param name="tell">Told about every run.</param>
internal sealed class Comparison(int repetitions, double scale, Action<string> tell)
{
    /// <summary>What Dovecot's own tool takes if not told otherwise.</summary>
    public const string BcryptCost = "5";

    private const double WarmUp = 0.25;
    private const int IdleOfOurs = 10_000;
    private const int IdleOfOthers = 100;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(3);

    public async Task<ComparisonResult> RunAsync(IReadOnlyList<Target> targets, Target sink, Target largeSink)
    {
        foreach (var target in targets)
        {
            tell($"filling {target.Name}");
            await Matrix.FillAsync(target);
        }

        var figures = new Dictionary<(MatrixRow, Target), RowFigure>();
        foreach (var row in Matrix.Rows)
        {
            var sinkOfRow = row.MessageSize == Matrix.LargeSize ? largeSink : sink;
            foreach (var (target, figure) in await MeasureAsync(row, [.. targets, sinkOfRow]))
                figures[(row, target == largeSink ? sink : target)] = figure;
        }

        var use = targets.ToDictionary(target => target, target => new ServerWatch(target.Pids).Read());
        return new([.. targets, sink], figures, use);
    }

    /// <summary>Holds idle connections to servers that have done nothing else: what they cost would drown in what lies there from before.</summary>
    public async Task<IReadOnlyList<IdleResult>> RunIdleAsync(IReadOnlyList<Target> targets)
    {
        var results = new List<IdleResult>();
        foreach (var target in targets)
        {
            var connections = target.Pids.Count > 1 ? IdleOfOthers : (int)(IdleOfOurs * Math.Min(1, scale));
            results.Add(await new IdleLoad(target.Smtp, connections, IdleTime, target.Pids).RunAsync());
            tell($"{target.Name}: {results[^1]}");
        }

        return results;
    }

    private async Task<Dictionary<Target, RowFigure>> MeasureAsync(MatrixRow row, IReadOnlyList<Target> targets)
    {
        var runs = targets.ToDictionary(target => target, _ => new List<LoadResult>());
        foreach (var target in targets)
        {
            await row.RunAsync(target, scale * WarmUp);
            await target.SettleAsync();
        }

        for (var i = 0; i < repetitions; i++)
        {
            foreach (var target in targets)
            {
                var result = await row.RunAsync(target, scale);
                await target.SettleAsync();
                tell($"{target.Name}: {result}");
                runs[target].Add(result);
            }
        }

        return runs.ToDictionary(run => run.Key, run => new RowFigure(
            Median(run.Value.Select(row.Figure)),
            Median(run.Value.Select(result => result.P99)),
            run.Value.Sum(result => result.Errors),
            run.Value.FirstOrDefault(result => result.FirstError is not null)?.FirstError));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
