using System.Buffers;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp.Inputs;

/// <summary>A chunk behind BDAT: so many octets, all of them data, and no dot means anything (RFC 3030 2).</summary>
internal sealed class ChunkInput(SmtpSession session, MessageReceiver receiver, long size, bool isLast) : MessageInput(session, receiver)
{
    private readonly ChunkDecoder _decoder = session.Transaction!.Chunks;
    private long _left = size;

    internal override bool IsComplete => _left == 0;

    protected override string Verb => "BDAT";

    protected override bool EndsMessage => isLast;

    protected override SequencePosition Decode(ReadOnlySequence<byte> octets)
    {
        var chunk = octets.Slice(0, Math.Min(_left, octets.Length));
        _left -= chunk.Length;
        if (Receiver.Refusal is null)
        {
            _decoder.Decode(chunk, Receiver);
            if (isLast && IsComplete)
                _decoder.Finish(Receiver);
            Receiver.CheckLineEnds(_decoder.SawBareCarriageReturn, _decoder.SawBareLineFeed);
        }

        return chunk.End;
    }
}
