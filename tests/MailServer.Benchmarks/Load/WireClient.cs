using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace MailServer.Benchmarks.Load;

/// <summary>The server answered what it should not have, or not at all.</summary>
internal sealed class WireFault(string message) : Exception(message);

/// <summary>
/// The client's side of one connection. Sends prepared octets, and counts replies where they lie: nothing is allocated
/// and no text is made per message.
/// </summary>
/// <param name="bufferSize">Octets that are received at once. A reply line must fit.</param>
internal sealed class WireClient(int bufferSize) : IDisposable
{
    private const int TerminatorLength = 5;

    private readonly byte[] _buffer = new byte[bufferSize];
    private Socket? _socket;
    private int _start;
    private int _end;

    private static ReadOnlySpan<byte> Terminator => "\r\n.\r\n"u8;

    /// <summary>Connects and reads the greeting.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ConnectAsync(IPEndPoint endPoint)
    {
        (_start, _end) = (0, 0);
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(endPoint);
        await ReadRepliesAsync(1);
    }

    /// <summary>Sends all of the octets.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
            octets = octets[await _socket!.SendAsync(octets)..];
    }

    /// <summary>Sends a command and reads its one reply.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SayAsync(ReadOnlyMemory<byte> command)
    {
        await SendAsync(command);
        await ReadRepliesAsync(1);
    }

    /// <summary>
    /// Reads replies, of SMTP in one or more lines or the first lines of POP3's. Throws <see cref="WireFault"/> at the
    /// first one that is negative.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadRepliesAsync(int count)
    {
        while (count > 0)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n') + 1;
            if (length == 0)
            {
                await ReceiveAsync();
                continue;
            }

            if (_buffer[_start] is not ((byte)'2' or (byte)'3' or (byte)'+'))
                throw new WireFault(Encoding.Latin1.GetString(_buffer, _start, length).TrimEnd());
            if (length < 4 || _buffer[_start + 3] != '-')
                count--;
            _start += length;
        }
    }

    /// <summary>Reads the lines behind a reply just read, up to the lone dot.</summary>
    /// <returns>The count of octets, stuffed dots included.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> ReadBodyAsync()
    {
        // The CRLF of the line before counts, for a body of no lines.
        _start -= 2;
        var octets = -2L;
        while (true)
        {
            var found = _buffer.AsSpan(_start, _end - _start).IndexOf(Terminator);
            if (found >= 0)
            {
                _start += found + TerminatorLength;
                return octets + found + 2;
            }

            // The terminator may have begun already.
            var used = Math.Max(0, _end - _start - (TerminatorLength - 1));
            octets += used;
            _start += used;
            await ReceiveAsync();
        }
    }

    /// <summary>The first number of the reply just read, as in the answer to STAT.</summary>
    public int NumberInLastReply()
    {
        var line = _buffer.AsSpan(0, _start - 2);
        line = line[(line.LastIndexOf((byte)'\n') + 1)..];
        var from = line.IndexOfAnyInRange((byte)'0', (byte)'9');
        return from >= 0 && System.Buffers.Text.Utf8Parser.TryParse(line[from..], out int number, out _)
            ? number
            : throw new WireFault("a number was expected: " + Encoding.Latin1.GetString(line));
    }

    public void Dispose() => _socket?.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            throw new WireFault("a reply line is too long");
        var received = await _socket!.ReceiveAsync(_buffer.AsMemory(_end));
        if (received == 0)
            throw new WireFault("the server closed the connection");
        _end += received;
    }
}
