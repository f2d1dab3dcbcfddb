using System.Buffers;

namespace MailServer.Core.Wire;

/// <summary>
/// Makes lines of the chunks of one message (RFC 3030 2), which may be cut anywhere: an LF without a CR becomes CRLF, so that
/// no LF.LF of a sender's ends the answer to RETR for clients that read lines at LF. One serves all chunks of a message.
/// </summary>
public sealed class ChunkDecoder
{
    private readonly ArrayBufferWriter<byte> _lines = new();
    private LineEndNormalizer _normalizer = new();

    /// <summary>True once a CR came that no LF follows.</summary>
    public bool SawBareCarriageReturn => _normalizer.SawBareCarriageReturn;

    /// <summary>True once an LF came that follows no CR; it became CRLF.</summary>
    public bool SawBareLineFeed => _normalizer.SawBareLineFeed;

    /// <summary>Decodes octets of a chunk, all of which are text.</summary>
    public void Decode(ReadOnlySequence<byte> octets, ITextSink sink)
    {
        foreach (var block in octets)
        {
            _normalizer.Write(block.Span, _lines);
            Pass(sink);
        }
    }

    /// <summary>The last chunk has come: ends the last line, because POP3 sends whole lines only, and sizes count what it sends.</summary>
    public void Finish(ITextSink sink)
    {
        _normalizer.Finish(_lines);
        Pass(sink);
    }

    private void Pass(ITextSink sink)
    {
        sink.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }
}
