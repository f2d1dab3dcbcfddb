using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServer.Host.Tests;

/// <summary>A client that sends and reads lines.</summary>
internal sealed class TestClient : IDisposable
{
    // Only a broken server makes a test wait this long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

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
    public Task<string?> ReadLineAsync() => _reader.ReadLineAsync().WaitAsync(Limit);

    /// <summary>Everything up to the end of the server's side.</summary>
    public Task<string> ReadToEndAsync() => _reader.ReadToEndAsync().WaitAsync(Limit);

    /// <summary>Ends this side only, as <c>nc -N</c> does.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Vanishes with a TCP reset.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public void Dispose() => _reader.Dispose();
}
