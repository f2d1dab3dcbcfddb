using System.Buffers;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp.Inputs;

/// <summary>The data behind DATA: lines up to a lone dot (RFC 5321 4.1.1.4, 4.5.2).</summary>
internal sealed class DataInput(SmtpSession session, MessageReceiver receiver) : MessageInput(session, receiver)
{
    private readonly DotDecoder _decoder = new(session.Lines.Ending);

    internal override bool IsComplete => _decoder.IsComplete;

    protected override string Verb => "DATA";

    protected override bool EndsMessage => true;

    protected override long Lines => _decoder.Lines;

    protected override SequencePosition Decode(ReadOnlySequence<byte> octets)
    {
        var consumed = _decoder.Decode(octets, Receiver);
        Receiver.CheckLineEnds(_decoder.SawBareCarriageReturn, _decoder.SawBareLineFeed);
        return consumed;
    }
}
