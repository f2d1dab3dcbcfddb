using System.Diagnostics;
using System.Numerics;

namespace MailServer.Benchmarks.Load;

/// <summary>Counts durations in buckets, each within 2 % of its values, so that nothing is allocated per message.</summary>
internal sealed class Latencies
{
    // 2^SubBits buckets for each power of two of microseconds.
    private const int SubBits = 6;
    private const int Buckets = 40 << SubBits;

    private readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    /// <summary>Counts the time since a timestamp of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public void AddSince(long start)
    {
        var micros = Math.Max(1, (Stopwatch.GetTimestamp() - start) / (Stopwatch.Frequency / 1_000_000));
        _counts[Math.Min(Buckets - 1, BucketOf(micros))]++;
        Count++;
    }

    public void Add(Latencies other)
    {
        for (var i = 0; i < Buckets; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
    }

    /// <summary>The duration in milliseconds that this share of all stays within; 0 when there are none.</summary>
    public double Percentile(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < Buckets && left > 0; i++)
        {
            left -= _counts[i];
            if (left <= 0)
                return ValueOf(i) / 1000.0;
        }

        return 0;
    }

    private static int BucketOf(long micros)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)micros) - SubBits);
        return (shift << SubBits) + (int)(micros >> shift);
    }

    private static double ValueOf(int bucket)
    {
        var shift = Math.Max(0, (bucket >> SubBits) - 1);
        return (double)(bucket - (shift << SubBits)) * (1L << shift);
    }
}
