using System.Buffers;
using System.IO.Pipelines;

namespace MailServer.Core.Sessions;

/// <summary>What a session needs from its connection before it can go on.</summary>
public enum SessionWants
{
    /// <summary>More octets from the client.</summary>
    Input,

    /// <summary>A TLS handshake, once what was written is flushed (RFC 3207, RFC 2595).</summary>
    TlsHandshake,

    /// <summary>The end: flush what was written and close.</summary>
    Close,
}

/// <summary>
/// One client's conversation as a machine that never sees a socket, a stream or a clock of its own.
/// A connection feeds it octets and flushes what it writes; calls never overlap.
/// </summary>
public interface IProtocolSession : IAsyncDisposable
{
    /// <summary>What the session waits for. Read after every call.</summary>
    SessionWants Wants { get; }

    /// <summary>How long the connection waits for <see cref="Progress"/> to move before <see cref="OnTimeout"/>.</summary>
    TimeSpan Patience { get; }

    /// <summary>Whole lines, blocks of text and chunks so far. A drip of single octets does not move it.</summary>
    long Progress { get; }

    /// <summary>True while a message is on its way in, which a shutdown lets finish.</summary>
    bool IsReceivingMessage { get; }

    /// <summary>Writes the greeting.</summary>
    void Start(PipeWriter output);

    /// <summary>
    /// Uses at most one line, one block of text or one chunk of <paramref name="input"/>, writes the replies to
    /// <paramref name="output"/> and returns the position reached. The start of the input means: more octets are needed.
    /// A session flushes only to stream a long answer; the connection flushes the rest once per batch of input.
    /// </summary>
    ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation);

    /// <summary>The connection is encrypted now; nothing of the clear session survives.</summary>
    void OnTlsStarted();

    /// <summary>The client was silent for <see cref="Patience"/>: writes the farewell, if the protocol has one.</summary>
    void OnTimeout(PipeWriter output);

    /// <summary>The server stops: writes the farewell, if the protocol has one.</summary>
    void OnShutdown(PipeWriter output);

    /// <summary>Something of ours failed in the last call: writes an answer that blames nobody else, if one is possible.</summary>
    void OnFault(PipeWriter output);
}
