using System.Buffers;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Protocol;

namespace MailServer.Core.Smtp;

/// <summary>
/// Takes the text of one message into the store under its trace header, and keeps watch on its size and hops.
/// Once there is a refusal the rest is drained, never stored and never read as commands.
/// </summary>
public sealed class TextIntake : ITextSink, IAsyncDisposable
{
    private readonly IMessageWriter? _writer;
    private readonly MailLimits _limits;
    private readonly ISessionObserver _observer;
    private ArrayBufferWriter<byte>? _held;
    private TextBeginning _beginning;
    private HeaderLines _header = new();

    /// <param name="writer">Where the text goes; null for a text that is only drained.</param>
    /// <param name="id">What the log and the trace header call the message.</param>
    /// <param name="traceHeader">What stands above the text.</param>
    public TextIntake(IMessageWriter? writer, string id, string traceHeader, MailLimits limits, ISessionObserver observer)
    {
        _writer = writer;
        Id = id;
        _limits = limits;
        _observer = observer;
        if (writer is not null)
            Encoding.UTF8.GetBytes(traceHeader, writer);
    }

    public string Id { get; }

    /// <summary>Octets of text so far, without the trace header.</summary>
    public long Octets { get; private set; }

    /// <summary>Why the message is not taken, as soon as that is clear.</summary>
    public SmtpReply? Refusal { get; private set; }

    /// <summary>An intake for octets that must be read and are not wanted.</summary>
    public static TextIntake Drain(SmtpReply refusal, MailLimits limits, ISessionObserver observer) =>
        new(null, "", "", limits, observer) { Refusal = refusal };

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

    /// <summary>Lets the store catch up.</summary>
    public ValueTask FlushAsync(CancellationToken cancellation) =>
        Refusal is null ? GuardAsync(_writer!.FlushAsync, cancellation) : DisposeAsync();

    /// <summary>The text is whole: makes it durable for every recipient, unless there is a refusal.</summary>
    public async ValueTask CommitAsync(CancellationToken cancellation)
    {
        if (Refusal is not null)
            return;
        if (_beginning == TextBeginning.Unknown)
            Begin(new(TextBeginning.Body), _held is null ? [] : _held.WrittenSpan);

        // Clients look for the blank line behind a header, and hang or show nothing without it (RFC 1939 7).
        if (_beginning == TextBeginning.Field && !_header.HasEnded)
            _writer!.Write("\r\n"u8);
        await GuardAsync(_writer!.CommitAsync, cancellation);
    }

    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask GuardAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (StoreFault fault)
        {
            _observer.StoreFailed(fault);
            Refuse(SmtpReplies.For(fault));
        }
    }

    // A text that begins with no header field is closed off from our trace header by a blank line: a person's
    // "Hello" would be taken for a broken field otherwise, and every mail program would show an empty message.
    private void Begin(HeaderBeginning beginning, ReadOnlySpan<byte> text)
    {
        _beginning = beginning.Kind;
        if (_beginning is not (TextBeginning.Field or TextBeginning.BlankLine))
            _writer!.Write("\r\n"u8);
        text = text[beginning.MarkLength..];
        for (var left = beginning.MailboxLines; left > 0;)
        {
            // As Postfix has it: the line that stands above a message in an mbox, sent along, would end the header.
            var length = text.IndexOf((byte)'\n') + 1;
            _writer!.Write("X-Mailbox-Line: "u8);
            _writer!.Write(text[..length]);
            text = text[length..];
            left -= length;
        }

        Pass(text);
    }

    private void Pass(ReadOnlySpan<byte> octets)
    {
        if (_beginning == TextBeginning.Field)
            _header.Write(octets, _writer!);
        else
            _writer!.Write(octets);
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
