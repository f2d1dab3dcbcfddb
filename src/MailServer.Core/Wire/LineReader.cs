using System.Buffers;

namespace MailServer.Core.Wire;

/// <summary>
/// Takes command lines out of the octets of one client, and tells apart what begins no line of a mail protocol: a TLS handshake where
/// clear text is spoken, and the commands of a telnet client.
/// </summary>
public sealed class LineReader(Peer peer, int unendedLimit)
{
    // The first octet of a TLS handshake record (RFC 8446 5.1).
    private const byte TlsHandshake = 0x16;

    private readonly LineFramer _framer = new(acceptsBareLineFeed: peer.IsLoopback, unendedLimit);

    /// <summary>True once the connection is encrypted.</summary>
    public bool IsEncrypted { get; private set; } = peer.IsEncrypted;

    /// <summary>What ends a line in this session.</summary>
    public LineEnding Ending => _framer.Ending;

    /// <summary>The next line of at most <paramref name="limit"/> octets, its line end included. Answers a telnet client where it waits for that.</summary>
    public Frame Next(ReadOnlySequence<byte> input, int limit, IBufferWriter<byte> output)
    {
        if (!IsEncrypted && _framer.Ending == LineEnding.Unknown && input.FirstSpan is [TlsHandshake, ..])
            return new(FrameKind.TlsHello, default, input.End);
        if (!IsEncrypted && _framer.IsAtLineStart && Telnet.TakeCommand(input, output) is { } behind)
            return new(FrameKind.Incomplete, default, behind);
        return _framer.Next(input, limit);
    }

    /// <summary>The line as text, or null when it is none. What a person on this machine typed may hold backspaces.</summary>
    public string? TryDecode(ReadOnlySequence<byte> line) => CommandText.TryDecode(line, isTyped: peer.IsLoopback);

    /// <summary>The connection is encrypted from now on, and nothing that was read in clear counts (RFC 3207 4.2, RFC 2595 4).</summary>
    public void OnTlsStarted()
    {
        IsEncrypted = true;
        _framer.Restart();
    }
}
