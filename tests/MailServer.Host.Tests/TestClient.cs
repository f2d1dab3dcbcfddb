using System.Net;
using System.Net.Sockets;
using System.Text;
using MailServer.Testing;

namespace MailServer.Host.Tests;

/// <summary>A client that sends and reads lines. To whoever reads, a reset is an end like any other: what came before it counts.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _reader;

    private TestClient(Socket socket)
    {
        _socket = socket;
        _reader = new(new NetworkStream(socket, ownsSocket: true));
    }

    public static async Task<TestClient> ConnectAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        return new TestClient(socket);
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The next line, or null when the server has ended its side.</summary>
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

    /// <summary>Everything up to the end of the server's side.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        try
        {
            while (await _reader.ReadAsync(buffer.AsMemory()).AsTask().WaitAsync(HangGuard.Limit) is > 0 and var length)
                text.Append(buffer, 0, length);
        }
        catch (IOException)
        {
            // Vanished; whoever asked looks at what came.
        }

        return text.ToString();
    }

    /// <summary>Ends this side only, as <c>nc -N</c> does.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Vanishes with a TCP reset.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public void Dispose() => _reader.Dispose();
}
