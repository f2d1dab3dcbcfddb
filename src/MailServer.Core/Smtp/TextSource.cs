using System.Buffers;
using MailServer.Core.Protocol;

namespace MailServer.Core.Smtp;

/// <summary>How the octets of a message's text come in: dot-stuffed lines behind DATA, or a counted chunk behind BDAT.</summary>
internal abstract class TextSource
{
    // What counts as progress within a line that never ends.
    private const int ProgressBlock = 64 * 1024;

    private long _octets;

    /// <summary>True when commands come next.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>True when the text ends with this source.</summary>
    public abstract bool EndsText { get; }

    /// <summary>The verb that asked for the octets.</summary>
    public abstract string Verb { get; }

    /// <summary>Lines and blocks so far.</summary>
    public long Progress => Lines + (_octets / ProgressBlock);

    protected virtual long Lines => 0;

    /// <summary>Takes as much as belongs to the text, and returns the position behind it.</summary>
    public SequencePosition Take(ReadOnlySequence<byte> input, TextIntake text)
    {
        var consumed = TakeOctets(input, text);
        _octets += input.Slice(0, consumed).Length;
        return consumed;
    }

    protected abstract SequencePosition TakeOctets(ReadOnlySequence<byte> input, TextIntake text);

    /// <summary>Refuses a text for its line ends (RFC 5321 2.3.8).</summary>
    protected static void Judge(TextIntake text, bool hasCarriageReturn, bool hasLineFeed, BareLineFeed bareLineFeed)
    {
        if (hasCarriageReturn)
            text.Refuse(SmtpReplies.BareCarriageReturnInText);
        if (hasLineFeed && bareLineFeed == BareLineFeed.Reject)
            text.Refuse(SmtpReplies.BareLineFeedInText);
    }
}

/// <summary>The text behind DATA (RFC 5321 4.1.1.4).</summary>
internal sealed class StuffedText(LineEnding ending, BareLineFeed bareLineFeed) : TextSource
{
    private readonly DotDecoder _decoder = new(ending);

    public override bool IsComplete => _decoder.IsComplete;

    public override bool EndsText => true;

    public override string Verb => "DATA";

    protected override long Lines => _decoder.Lines;

    protected override SequencePosition TakeOctets(ReadOnlySequence<byte> input, TextIntake text)
    {
        var consumed = _decoder.Decode(input, text);
        Judge(text, _decoder.SawBareCarriageReturn, _decoder.SawBareLineFeed, bareLineFeed);
        return consumed;
    }
}

/// <summary>A chunk behind BDAT (RFC 3030 2): every octet is text, and no dot means anything.</summary>
/// <param name="decoder">Makes lines of all chunks of the message; null for a chunk that is not wanted.</param>
internal sealed class CountedText(long size, bool isLast, ChunkDecoder? decoder, BareLineFeed bareLineFeed) : TextSource
{
    private long _left = size;

    public override bool IsComplete => _left == 0;

    public override bool EndsText { get; } = isLast;

    public override string Verb => "BDAT";

    protected override SequencePosition TakeOctets(ReadOnlySequence<byte> input, TextIntake text)
    {
        var octets = input.Slice(0, Math.Min(_left, input.Length));
        _left -= octets.Length;
        if (decoder is null || text.Refusal is not null)
            return octets.End;
        decoder.Decode(octets, text);
        if (IsComplete && EndsText)
            decoder.Finish(text);
        Judge(text, decoder.SawBareCarriageReturn, decoder.SawBareLineFeed, bareLineFeed);
        return octets.End;
    }
}
