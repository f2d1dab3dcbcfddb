using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailServer.Testing;

namespace MailServer.Host.Tests.Torture;

/// <summary>
/// A client that sends any octets and may vanish at any time. Text stands for its Latin-1 octets. A connection that is
/// lost is no error here: nothing can be sent, and null is read.
/// </summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private Stream _stream;
    private StreamReader _reader;

    private RawClient(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new(_stream, Encoding.Latin1);
    }

    /// <summary>Connects and reads the greeting.</summary>
    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint)
    {
        var client = await OpenAsync(endPoint);
        client.Greeting = await client.ReadLineAsync();
        return client;
    }

    /// <summary>Connects and reads nothing.</summary>
    public static async Task<RawClient> OpenAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        return new RawClient(socket);
    }

    /// <summary>The first line; null when there was none.</summary>
    public string? Greeting { get; private set; }

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

    /// <summary>The next line; null when the server has ended its side or the connection is lost.</summary>
    public async Task<string?> ReadLineAsync()
    {
        try
        {
            return await _reader.ReadLineAsync().WaitAsync(HangGuard.Limit);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The last line of the next reply of an SMTP server, or the next line of a POP3 server.</summary>
    public async Task<string?> ReadReplyAsync()
    {
        string? line;
        do
            line = await ReadLineAsync();
        while (line is [_, _, _, '-', ..] and not ['-', ..]);
        return line;
    }

    /// <summary>Sends a line and reads the reply.</summary>
    public async Task<string?> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReadReplyAsync();
    }

    /// <summary>The lines of a multi-line answer of a POP3 server up to the lone dot; null when they are cut off.</summary>
    public async Task<List<string>?> ReadLinesAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line)
        {
            if (line == ".")
                return lines;
            lines.Add(line);
        }

        return null;
    }

    /// <summary>Everything up to the end of the server's side.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await ReadLineAsync() is { } line)
            text.Append(line).Append("\r\n");
        return text.ToString();
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

    /// <summary>Does the client's side of a TLS handshake, with any certificate.</summary>
    public async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
#pragma warning disable CA5359 // The server is our own.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        }).WaitAsync(HangGuard.Limit);
        _stream = tls;
        _reader = new(tls, Encoding.Latin1);
    }

    /// <summary>Ends this side only.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Vanishes with a TCP reset.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }
}
