using System.Buffers;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp;

/// <summary>
/// Receives the data of one message into the store, under its Received field, and checks its size, hops and line ends.
/// Once there is a refusal the rest is discarded: never stored, and never read as commands.
/// </summary>
public sealed class MessageReceiver : ITextSink, IAsyncDisposable
{
    private readonly IMessageWriter _writer;
    private readonly MailLimits _limits;
    private readonly BareLineFeed _bareLineFeed;
    private ArrayBufferWriter<byte>? _held;
    private TextBeginning _beginning;
    private HeaderLines _header = new();

    /// <summary>Writes the Received field.</summary>
    /// <param name="id">What the log and the trace header call the message.</param>
    /// <param name="received">The Received field, which stands above the message's own header.</param>
    public MessageReceiver(IMessageWriter writer, string id, string received, MailLimits limits, BareLineFeed bareLineFeed)
    {
        (_writer, Id, _limits, _bareLineFeed) = (writer, id, limits, bareLineFeed);
        Encoding.UTF8.GetBytes(received, writer);
    }

    public string Id { get; }

    /// <summary>Octets of text so far, without the Received field.</summary>
    public long Octets { get; private set; }

    /// <summary>Why the message is not taken, as soon as that is clear.</summary>
    public SmtpReply? Refusal { get; private set; }

    public void Write(ReadOnlySpan<byte> octets)
    {
        Octets += octets.Length;
        if (Octets > _limits.MessageSize)
            Refuse(SmtpReplies.TooLarge(_limits.MessageSize));
        else if (_limits.MailboxSize > 0 && Octets > _limits.MailboxSize)
            Refuse(SmtpReplies.LargerThanMailbox);
        if (Refusal is not null || octets.IsEmpty)
            return;
        if (_beginning == TextBeginning.Unknown)
            Hold(octets);
        else
            Pass(octets);
        if (_header.Received > _limits.Hops)
            Refuse(SmtpReplies.MailLoop(_limits.Hops));
    }

    /// <summary>Drops the message; the first reason stays.</summary>
    public void Refuse(SmtpReply reply) => Refusal ??= reply;

    /// <summary>Refuses data for its line ends (RFC 5321 2.3.8).</summary>
    public void CheckLineEnds(bool hasCarriageReturn, bool hasLineFeed)
    {
        if (hasCarriageReturn)
            Refuse(SmtpReplies.BareCarriageReturnInText);
        if (hasLineFeed && _bareLineFeed == BareLineFeed.Reject)
            Refuse(SmtpReplies.BareLineFeedInText);
    }

    /// <summary>Waits until the store has caught up; after a refusal, drops what the store has of the message.</summary>
    /// <exception cref="StoreFault">The store failed.</exception>
    public ValueTask FlushAsync(CancellationToken cancellation) => Refusal is null ? _writer.FlushAsync(cancellation) : DisposeAsync();

    /// <summary>The data is whole: makes the message durable for every recipient (fsync), unless there is a refusal.</summary>
    /// <exception cref="StoreFault">The store failed, and no recipient has the message.</exception>
    public async ValueTask CommitAsync(CancellationToken cancellation)
    {
        if (Refusal is not null)
            return;
        if (_beginning == TextBeginning.Unknown)
            Begin(new(TextBeginning.Body), _held is null ? [] : _held.WrittenSpan);

        // Clients look for the blank line behind a header, and hang or show nothing without it (RFC 1939 7).
        if (_beginning == TextBeginning.Field && !_header.HasEnded)
            _writer.Write("\r\n"u8);
        await _writer.CommitAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    // A text that begins with no header field is closed off from our trace header by a blank line: a person's
    // "Hello" would be taken for a broken field otherwise, and every mail program would show an empty message.
    private void Begin(HeaderBeginning beginning, ReadOnlySpan<byte> text)
    {
        _beginning = beginning.Kind;
        if (_beginning is not (TextBeginning.Field or TextBeginning.BlankLine))
            _writer.Write("\r\n"u8);
        for (var preamble = text[..beginning.PreambleLength]; !preamble.IsEmpty;)
        {
            if (preamble.StartsWith(HeaderFields.ByteOrderMark))
            {
                preamble = preamble[HeaderFields.ByteOrderMark.Length..];
                continue;
            }

            // As Postfix has it: the line that stands above a message in an mbox, sent along, would end the header.
            var length = preamble.IndexOf((byte)'\n') + 1;
            _writer.Write("X-Mailbox-Line: "u8);
            _writer.Write(preamble[..length]);
            preamble = preamble[length..];
        }

        Pass(text[beginning.PreambleLength..]);
    }

    private void Pass(ReadOnlySpan<byte> octets)
    {
        if (_beginning == TextBeginning.Field)
            _header.Write(octets, _writer);
        else
            _writer.Write(octets);
    }

    // Until it is clear how the text begins.
    private void Hold(ReadOnlySpan<byte> octets)
    {
        if (_held is not null)
        {
            _held.Write(octets);
            octets = _held.WrittenSpan;
        }

        var beginning = HeaderStart.Look(octets);
        if (beginning.Kind != TextBeginning.Unknown)
        {
            Begin(beginning, octets);
            _held = null;
        }
        else if (_held is null)
        {
            _held = new();
            _held.Write(octets);
        }
    }
}
