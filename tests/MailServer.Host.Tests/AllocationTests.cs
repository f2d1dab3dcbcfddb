using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServer.Host.Tests;

/// <summary>
/// What the whole road of a message allocates, but for the log: socket, session, store, and back. Counted for the whole
/// process, so nothing else may run meanwhile, and the clients here allocate nothing.
/// </summary>
[Collection(Alone.Name)]
public sealed class AllocationTests : IAsyncLifetime
{
    private const int Messages = 1000;

    // Octets for a message. Without optimisation each asynchronous method is an object of its own, so a Debug build allocates twice
    // as much as what is shipped.
#if DEBUG
    private const int SentLimit = 9 * 1024;
    private const int FetchedLimit = 2500;
#else
    private const int SentLimit = 4 * 1024;
    private const int FetchedLimit = 700;
#endif

    private TestServer? _server;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    [Fact]
    public void A_small_message_allocates_little_on_its_whole_road()
    {
        var message = Encoding.ASCII.GetBytes($"Subject: hello\r\n\r\n{new string('x', 900)}\r\n.\r\n");
        using var smtp = Connect(_server!.Smtp, "220 "u8);
        Say(smtp, "HELO bob\r\n"u8, "250 "u8);
        var sent = AllocatedPerMessage(_ =>
        {
            Say(smtp, "MAIL FROM:<a@example.org>\r\nRCPT TO:<bob>\r\nDATA\r\n"u8, "354 "u8);
            Say(smtp, message, "250 "u8);
        });

        var fetches = Enumerable.Range(1, Messages).Select(number => Encoding.ASCII.GetBytes($"RETR {number}\r\n")).ToArray();
        using var pop3 = Connect(_server.Pop3, "+OK"u8);
        Say(pop3, "USER bob\r\n"u8, "+OK"u8);
        var fetched = AllocatedPerMessage(index => Say(pop3, fetches[index], "\r\n.\r\n"u8));

        Assert.True(sent < SentLimit, $"{sent} octets for a message sent");
        Assert.True(fetched < FetchedLimit, $"{fetched} octets for a message fetched");
    }

    // The least of some rounds: what the runtime allocates for itself meanwhile is nobody's message.
    private static long AllocatedPerMessage(Action<int> exchange) => Enumerable.Range(0, 5).Min(_ =>
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var index = 0; index < Messages; index++)
            exchange(index);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Messages;
    });

    // A client that blocks, because one that waits would allocate what is counted here.
    private static Socket Connect(IPEndPoint endPoint, ReadOnlySpan<byte> greeting)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 1000 * HangGuard.Seconds };
        socket.Connect(endPoint);
        Say(socket, default, greeting);
        return socket;
    }

    private static void Say(Socket socket, ReadOnlySpan<byte> words, ReadOnlySpan<byte> answer)
    {
        if (!words.IsEmpty)
            socket.Send(words);
        Span<byte> buffer = stackalloc byte[8 * 1024];
        var length = 0;
        while (buffer[..length].IndexOf(answer) < 0)
        {
            var received = socket.Receive(buffer[length..]);
            Assert.True(received > 0, "the server ended the connection");
            length += received;
        }
    }
}

/// <summary>One test at a time and nothing beside it, because it counts what the whole process does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
