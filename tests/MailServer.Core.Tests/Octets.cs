using System.Buffers;
using System.Text;
using MailServer.Core.Wire;

namespace MailServer.Core.Tests;

/// <summary>Octets from text, cut into segments as a network would.</summary>
internal static class Octets
{
    public static byte[] Of(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    /// <summary>The octets as one sequence of segments that end at the given positions.</summary>
    public static ReadOnlySequence<byte> Sequence(byte[] octets, params ReadOnlySpan<int> cuts)
    {
        var first = new Segment(default, 0);
        var last = first;
        var start = 0;
        foreach (var cut in cuts)
        {
            last = last.Append(octets.AsMemory(start, cut - start));
            start = cut;
        }

        last = last.Append(octets.AsMemory(start));
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

/// <summary>Keeps what a decoder writes.</summary>
internal sealed class TextBuffer : ITextSink
{
    private readonly ArrayBufferWriter<byte> _octets = new();

    public string Text => Octets.Text(_octets.WrittenSpan);

    public void Write(ReadOnlySpan<byte> octets) => _octets.Write(octets);
}
