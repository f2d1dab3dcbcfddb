using System.Buffers;

namespace MailServer.Core.Pop3.Bodies;

/// <summary>The text of one message, or its top, streamed from the maildrop.</summary>
internal sealed class MessageBody : IMultilineBody
{
    // A chunk of the store and more: it is read once then, and copied once.
    private const int MaxBuffer = 192 * 1024;

    private readonly Pop3Session _session;
    private readonly int _index;
    private readonly byte[] _buffer;
    private readonly bool _isWhole;
    private TopFilter _cutter;
    private long _offset;
    private int _length;

    private MessageBody(Pop3Session session, int index, long bodyLines, long offset)
    {
        _session = session;
        _index = index;
        _isWhole = bodyLines == long.MaxValue;
        _cutter = new(bodyLines);
        _offset = offset;
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(session.View.OctetsOf(index), 1, MaxBuffer));
    }

    /// <summary>Reads the first block, so that a message that cannot be read is refused before any of it is sent.</summary>
    /// <param name="bodyLines">How many lines of the body; <see cref="long.MaxValue"/> for RETR, which marks the message as read.</param>
    /// <param name="offset">Where in the message to begin.</param>
    public static async ValueTask<MessageBody> OpenAsync(
        Pop3Session session, int index, CancellationToken cancellation, long bodyLines = long.MaxValue, long offset = 0)
    {
        var body = new MessageBody(session, index, bodyLines, offset);
        await body.ReadAsync(cancellation);
        return body;
    }

    public async ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        try
        {
            while (_length > 0)
            {
                output.Write(_buffer.AsSpan(0, _cutter.Take(_buffer.AsSpan(0, _length))));
                await output.FlushIfFullAsync(cancellation);
                if (_cutter.IsDone)
                    break;
                await ReadAsync(cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        if (!_isWhole)
        {
            // A message may be a header alone. TOP sends the blank line all the same (RFC 1939 7): its octets are not counted anywhere.
            if (!_cutter.IsInBody)
                output.Write("\r\n"u8);
            return;
        }

        _session.View.MarkRead(_index);
        _session.Observer.MessageRetrieved(_session.View.OctetsOf(_index));
    }

    private async ValueTask ReadAsync(CancellationToken cancellation)
    {
        // Nothing to read behind the last octet: a small message costs one call.
        _length = _offset < _session.View.OctetsOf(_index)
            ? await _session.Maildrop.ReadAsync(_index, _offset, _buffer, cancellation)
            : 0;
        _offset += _length;
    }
}
