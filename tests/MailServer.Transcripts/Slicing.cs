using System.Buffers;

namespace MailServer.Transcripts;

/// <summary>How the octets of a client's turn are cut on their way to the session.</summary>
public abstract class Slicing
{
    public static Slicing Whole { get; } = new Sized("whole", length => length);

    public static Slicing OctetByOctet { get; } = new Sized("octet by octet", _ => 1);

    /// <summary>Pieces of 1 to 40 octets, the same ones for the same seed.</summary>
    public static Slicing Random(int seed)
    {
        var random = new Random(seed);
        return new Sized($"random slices, seed {seed}", _ => random.Next(1, 41));
    }

    /// <summary>The length of the next slice when this many octets are left.</summary>
    public abstract int Next(int left);

    private sealed class Sized(string name, Func<int, int> next) : Slicing
    {
        public override int Next(int left) => Math.Min(left, next(left));

        public override string ToString() => name;
    }
}

/// <summary>Slices that arrived one after the other, as one sequence whose segments are the slices.</summary>
internal sealed class Slice : ReadOnlySequenceSegment<byte>
{
    private Slice(ReadOnlyMemory<byte> octets, long before) => (Memory, RunningIndex) = (octets, before);

    public static ReadOnlySequence<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> slices)
    {
        if (slices.Count == 0)
            return default;
        var first = new Slice(slices[0], 0);
        var last = first;
        foreach (var octets in slices.Skip(1))
        {
            var next = new Slice(octets, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }

        return new(first, 0, last, last.Memory.Length);
    }
}
