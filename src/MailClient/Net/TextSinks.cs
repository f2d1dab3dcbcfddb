using System.Buffers;
using MailServer.Core.Wire;

namespace MailClient.Net;

/// <summary>Writes a text into a stream and tells how far it is.</summary>
/// <param name="limit">Octets after which the text is refused, so that no server can fill the memory.</param>
internal sealed class StreamSink(Stream output, IProgress<long>? progress, long limit = long.MaxValue) : ITextSink
{
    private long _octets;

    public void Write(ReadOnlySpan<byte> octets)
    {
        _octets += octets.Length;
        if (_octets > limit)
            throw new ClientFault($"the server sends more than {limit / 1024 / 1024} MiB; save the message instead of reading it");
        output.Write(octets);
        progress?.Report(_octets);
    }
}

/// <summary>Keeps the beginning of a text: enough for any header that means something.</summary>
internal sealed class HeaderSink : ITextSink
{
    private const int MaxOctets = 128 * 1024;

    private readonly ArrayBufferWriter<byte> _header = new();

    public void Write(ReadOnlySpan<byte> octets)
    {
        var room = MaxOctets - _header.WrittenCount;
        _header.Write(octets[..Math.Min(room, octets.Length)]);
    }

    public byte[] ToArray() => _header.WrittenSpan.ToArray();
}
