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
    // Longer than any field name that is in use; a first line that is still a name here is none.
    private const int LongestFieldName = 76;

    private readonly IMessageWriter? _writer;
    private readonly MailLimits _limits;
    private readonly ISessionObserver _observer;
    private readonly byte[] _firstName = new byte[LongestFieldName];
    private int _firstNameLength;
    private bool _hasBegun;
    private (byte First, byte Second) _end;
    private ReceivedCounter _received = new();

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
        _received.Observe(octets);
        _end = (octets.Length > 1 ? octets[^2] : _end.Second, octets[^1]);
        if (_received.Count > _limits.Hops)
            Refuse(SmtpReplies.MailLoop(_limits.Hops));
        else if (_hasBegun)
            _writer!.Write(octets);
        else
            Begin(octets);
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
        if (!_hasBegun)
            WriteFirst(isSetOff: false);
        // A chunk may end within a line. POP3 can only send whole lines, and sizes count what it sends.
        if (Octets > 0 && _end != ((byte)'\r', (byte)'\n'))
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
    private void Begin(ReadOnlySpan<byte> octets)
    {
        for (var i = 0; i < octets.Length; i++)
        {
            var isNameOctet = octets[i] is > 32 and < 127 and not (byte)':';
            if (isNameOctet && _firstNameLength < LongestFieldName)
            {
                _firstName[_firstNameLength++] = octets[i];
                continue;
            }

            // A blank line of the text's own closes the header just as well.
            var isBlankLine = octets[i] is (byte)'\r' or (byte)'\n' && _firstNameLength == 0;
            WriteFirst(isSetOff: isBlankLine || (octets[i] == ':' && _firstNameLength > 0));
            _writer!.Write(octets[i..]);
            return;
        }
    }

    private void WriteFirst(bool isSetOff)
    {
        _hasBegun = true;
        if (!isSetOff)
            _writer!.Write("\r\n"u8);
        _writer!.Write(_firstName.AsSpan(0, _firstNameLength));
    }
}
