using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailServer.Testing.Hosting;

/// <summary>
/// A client that sends any octets over TCP, in clear or under TLS, reads lines, and may vanish at any time. Text stands for its Latin-1
/// octets. A connection that is lost is an end like any other: nothing can be sent, and what came before it can be read. Waits that
/// never end throw <see cref="TimeoutException"/>.
/// </summary>
public sealed class MailTestClient : IDisposable
{
    private static readonly byte[] Lf = "\n"u8.ToArray();
    private static readonly byte[] CrLf = "\r\n"u8.ToArray();

    private readonly Socket _socket;
    private readonly NetworkStream _clear;
    private Stream _stream;
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    private MailTestClient(Socket socket)
    {
        _socket = socket;
        _stream = _clear = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The first line of a client that was greeted; null when there was none.</summary>
    public string? Greeting { get; private set; }

    /// <summary>What has arrived and was not read yet.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Connects and reads nothing. Throws <see cref="SocketException"/>.</summary>
    public static async Task<MailTestClient> ConnectAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint);
            return new MailTestClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects and reads the greeting. Throws <see cref="SocketException"/>.</summary>
    public static async Task<MailTestClient> GreetedAsync(IPEndPoint endPoint)
    {
        var client = await ConnectAsync(endPoint);
        client.Greeting = await client.ReadLineAsync();
        return client;
    }

    /// <summary>False when the connection is lost.</summary>
    public Task<bool> SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <inheritdoc cref="SendAsync(string)"/>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            await _stream.WriteAsync(octets).AsTask().WaitAsync(HangGuard.Limit);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends the text of a message with every dot at the beginning of a line doubled, and the final dot.</summary>
    /// <param name="text">Must end with CRLF.</param>
    public Task<bool> SendTextAsync(byte[] text) =>
        SendAsync(("\r\n" + Encoding.Latin1.GetString(text)).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..] + ".\r\n");

    /// <summary>
    /// The next line without its line end, CRLF or LF, or what stands before the end of the server's side; null when nothing does.
    /// </summary>
    public async Task<string?> ReadLineAsync()
    {
        var length = await FindAsync(Lf);
        if (length < 0)
            return _start == _end ? null : Take(_end - _start, lineEnd: 0);
        var isCrLf = length > 0 && _buffer[_start + length - 1] == '\r';
        return isCrLf ? Take(length - 1, lineEnd: 2) : Take(length, lineEnd: 1);
    }

    /// <summary>The octets of the next line that ends in CRLF, without it; null when there is none before the end of the server's side.</summary>
    public async Task<byte[]?> ReadCrlfLineAsync()
    {
        var length = await FindAsync(CrLf);
        if (length < 0)
            return null;
        var line = Unread[..length].ToArray();
        _start += length + 2;
        return line;
    }

    /// <summary>The last line of the next reply of an SMTP server, or the next line of a POP3 server; null when it is cut off.</summary>
    public async Task<string?> ReadReplyAsync()
    {
        string? line;
        do
            line = await ReadLineAsync();
        while (line is [_, _, _, '-', ..] and not ['-', ..]);
        return line;
    }

    /// <summary>Sends a line and reads the reply; null when it is cut off.</summary>
    public async Task<string?> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReadReplyAsync();
    }

    /// <summary>Reads a reply that must begin so, or throws <see cref="InvalidOperationException"/>.</summary>
    public async Task<string> ExpectAsync(string beginning)
    {
        var reply = await ReadReplyAsync();
        return reply?.StartsWith(beginning, StringComparison.Ordinal) == true
            ? reply
            : throw new InvalidOperationException($"Expected was a reply that begins with {beginning}, and there came {reply ?? "the end"}");
    }

    /// <summary>Sends a line and reads a reply that must begin so, or throws <see cref="InvalidOperationException"/>.</summary>
    public async Task<string> ExpectAsync(string line, string beginning)
    {
        await SendAsync(line + "\r\n");
        return await ExpectAsync(beginning);
    }

    /// <summary>The lines of a multi-line answer of a POP3 server, as they were before stuffing; null when they are cut off.</summary>
    public async Task<List<string>?> ReadLinesAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            if (line == ".")
                return lines;
            lines.Add(line.StartsWith('.') ? line[1..] : line);
        }

        return null;
    }

    /// <summary>Everything up to the end of the server's side.</summary>
    public async Task<string> ReadToEndAsync()
    {
        await ReceiveToEndAsync();
        return Take(_end - _start, lineEnd: 0);
    }

    /// <summary>Waits for the end of the server's side; what comes before it is <see cref="Unread"/>.</summary>
    public async Task ReceiveToEndAsync()
    {
        while (await ReceiveAsync())
        {
            // What comes is kept.
        }
    }

    /// <summary>Gives a message to a server that was greeted. The answer is that to the final dot, or the first refusal.</summary>
    public async Task<string?> DeliverAsync(string recipient, string text)
    {
        foreach (var (command, code) in new[] { ("MAIL FROM:<a@b.test>", "250"), ($"RCPT TO:<{recipient}>", "250"), ("DATA", "354") })
        {
            var reply = await AskAsync(command);
            if (reply?.StartsWith(code, StringComparison.Ordinal) != true)
                return reply;
        }

        return await AskAsync(text + "\r\n.");
    }

    /// <summary>Does the client's side of a TLS handshake.</summary>
    /// <param name="trusted">The only certificate that the server may show; null for any, since the server is the test's own.</param>
    public async Task StartTlsAsync(X509Certificate2? trusted = null)
    {
        var tls = new SslStream(_clear, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) => trusted is null || (shown?.GetRawCertData().AsSpan().SequenceEqual(trusted.RawData) ?? false),
        }).WaitAsync(HangGuard.Limit);
        _stream = tls;
    }

    /// <summary>Ends TLS as its protocol has it; what follows is sent in clear, and read as it comes, records of TLS included.</summary>
    public async Task EndTlsAsync()
    {
        await ((SslStream)_stream).ShutdownAsync();
        _stream = _clear;
    }

    /// <summary>Ends this side only, as <c>nc -N</c> does.</summary>
    public void EndSending()
    {
        if (_socket.Connected)
            _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Vanishes with a TCP reset.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public void Dispose()
    {
        _stream.Dispose();
        _clear.Dispose();
    }

    // How many octets stand before the next mark; -1 when the server's side ends first.
    private async Task<int> FindAsync(ReadOnlyMemory<byte> mark)
    {
        var searched = 0;
        while (true)
        {
            var found = Unread[searched..].IndexOf(mark.Span);
            if (found >= 0)
                return searched + found;
            searched = Math.Max(0, _end - _start - mark.Length + 1);
            if (!await ReceiveAsync())
                return -1;
        }
    }

    private string Take(int length, int lineEnd)
    {
        var text = Encoding.Latin1.GetString(Unread[..length]);
        _start += length + lineEnd;
        return text;
    }

    // False at the server's end.
    private async Task<bool> ReceiveAsync()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        try
        {
            var length = await _stream.ReadAsync(_buffer.AsMemory(_end)).AsTask().WaitAsync(HangGuard.Limit);
            _end += length;
            return length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
