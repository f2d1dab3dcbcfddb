using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace MailServer.Net;

/// <summary>An accepted socket as a pair of pipes. While it is idle it holds no buffers.</summary>
internal sealed class Connection : IDisposable
{
    // Rented only while octets come or go. Large enough that a big message costs few system calls, and a small one that is
    // fetched a single one.
    private const int ReadBuffer = 32 * 1024;
    private const int WriteBuffer = 16 * 1024;

    private readonly Socket _socket;
    private readonly SendingStream _stream;
    private readonly CancellationTokenSource _aborted = new();
    private SslStream? _tls;

    /// <summary>Takes over the socket.</summary>
    public Connection(Socket socket)
    {
        _socket = socket;
        _stream = new(socket);
        (Input, Output) = Pipes(_stream);
    }

    public PipeReader Input { get; private set; }

    public PipeWriter Output { get; private set; }

    /// <summary>Cancelled by <see cref="Abort"/>.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>Octets that the system has taken for the client so far, counted by whole buffers.</summary>
    public long OctetsSent => _stream.OctetsSent;

    /// <summary>True while octets wait for the client to make room.</summary>
    public bool IsSending => _stream.IsSending;

    /// <summary>
    /// Does the server's side of a TLS handshake; the pipes are encrypted from then on. What was read in clear must be
    /// used up: it would count as said under TLS otherwise (CVE-2011-0411).
    /// </summary>
    public async Task StartTlsAsync(SslServerAuthenticationOptions options, CancellationToken cancellation)
    {
        Input.Complete();
        _tls = new SslStream(_stream, leaveInnerStreamOpen: true);
        await _tls.AuthenticateAsServerAsync(options, cancellation);
        (Input, Output) = Pipes(_tls);
    }

    /// <summary>True when this exception means no more than that the client, or the connection, is gone.</summary>
    public bool IsLost(Exception exception) =>
        _aborted.IsCancellationRequested || exception is SocketException or AuthenticationException or IOException { InnerException: SocketException }
        || (_tls is not null && exception is IOException);

    /// <summary>Ends everything at once with a TCP reset. May be called at any time, from any thread.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        _socket.Close(timeout: 0);
    }

    /// <summary>
    /// Ends our side, then reads and drops what the client still sends. Closing over unread octets would make TCP
    /// send a reset, upon which the client's system may throw away our last reply (RFC 9112 9.6 tells of the same).
    /// </summary>
    public async Task FinishAsync(int maxOctets, CancellationToken cancellation)
    {
        if (_tls is { IsAuthenticated: true })
            await _tls.ShutdownAsync();
        _socket.Shutdown(SocketShutdown.Send);
        var buffer = ArrayPool<byte>.Shared.Rent(WriteBuffer);
        try
        {
            int received;
            for (var left = maxOctets; left > 0; left -= received)
            {
                received = await _socket.ReceiveAsync(buffer, cancellation);
                if (received == 0)
                    return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        Input.Complete();
        _tls?.Dispose();
        _socket.Dispose();
    }

    private static (PipeReader, PipeWriter) Pipes(Stream stream) => (
        PipeReader.Create(stream, new(bufferSize: ReadBuffer, leaveOpen: true, useZeroByteReads: true)),
        PipeWriter.Create(stream, new(minimumBufferSize: WriteBuffer, leaveOpen: true)));

    private sealed class SendingStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
    {
        private long _octetsSent;
        private volatile bool _isSending;

        public long OctetsSent => Interlocked.Read(ref _octetsSent);

        public bool IsSending => _isSending;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _isSending = true;
            await base.WriteAsync(buffer, cancellationToken);
            _isSending = false;
            Interlocked.Add(ref _octetsSent, buffer.Length);
        }
    }
}
