using System.Buffers;

namespace MailServer.Core.Wire;

/// <summary>
/// What a telnet client sends besides text (RFC 854): commands at the start of a line are taken out, and all that was offered is declined
/// by silence. Only what a client waits for is answered.
/// </summary>
/// <remarks><code>
/// command = IAC ( %d236-249 / ( WILL / WONT / DO / DONT ) option / SB *OCTET IAC SE )
/// </code></remarks>
public static class Telnet
{
    private const byte SubnegotiationEnd = 240;
    private const byte Subnegotiation = 250;
    private const byte Wont = 252;
    private const byte Do = 253;
    private const byte InterpretAsCommand = 255;
    private const byte TimingMark = 6;

    // Longer than any that terminals send.
    private const int MaxSubnegotiation = 512;

    /// <summary>Takes one command at the start of the input, and answers it where that must be.</summary>
    /// <returns>The position behind it; the start of the input when more octets are needed; null when there is none.</returns>
    public static SequencePosition? TakeCommand(ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryRead(out var octet) || octet != InterpretAsCommand)
            return null;
        if (!reader.TryRead(out var command))
            return input.Start;
        switch (command)
        {
            case >= 236 and < Subnegotiation:
                return reader.Position;
            case Subnegotiation:
                if (reader.TryReadTo(out ReadOnlySequence<byte> _, [InterpretAsCommand, SubnegotiationEnd]))
                    return reader.Position;
                return input.Length > MaxSubnegotiation ? null : input.Start;
            case > Subnegotiation and < InterpretAsCommand:
                if (!reader.TryRead(out var option))
                    return input.Start;
                // Ctrl+C throws away what comes before the mark, so that without an answer the session is mute (RFC 860).
                if (command == Do && option == TimingMark)
                    output.Write([InterpretAsCommand, Wont, TimingMark]);
                return reader.Position;
            default:
                return null;
        }
    }

    /// <summary>
    /// Carries out the backspaces in a line, because the telnet of Windows sends every key: each takes back the character before it,
    /// which may be several octets of UTF-8.
    /// </summary>
    public static byte[] Erase(ReadOnlySequence<byte> line)
    {
        var octets = line.ToArray();
        var length = 0;
        foreach (var octet in octets)
        {
            if (IsErasure(octet))
                length = WithoutLast(octets.AsSpan(0, length));
            else
                octets[length++] = octet;
        }

        return octets[..length];
    }

    /// <summary>True when a line holds a backspace, as BS or as DEL.</summary>
    public static bool HoldsErasure(ReadOnlySequence<byte> line)
    {
        foreach (var block in line)
        {
            if (block.Span.IndexOfAny((byte)0x08, (byte)0x7F) >= 0)
                return true;
        }

        return false;
    }

    private static bool IsErasure(byte octet) => octet is 0x08 or 0x7F;

    private static int WithoutLast(ReadOnlySpan<byte> line)
    {
        var length = line.Length;
        while (length > 0 && (line[length - 1] & 0xC0) == 0x80)
            length--;
        if (length == line.Length || (length > 0 && line[length - 1] >= 0xC0))
            return Math.Max(0, length - 1);

        // No UTF-8: one octet is one character.
        return line.Length - 1;
    }
}
