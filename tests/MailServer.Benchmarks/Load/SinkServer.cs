using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServer.Benchmarks.Load;

/// <summary>
/// Answers both protocols and stores nothing: what a generator reaches against it is the most that it can show of any server.
/// Knows clients that make no mistakes, and every account has the same messages.
/// </summary>
internal sealed class SinkServer : IDisposable
{
    private const int Buffer = 64 * 1024;

    private static readonly byte[] EndOfText = Encoding.ASCII.GetBytes("\r\n.\r\n");
    private static readonly byte[] SmtpGreeting = Encoding.ASCII.GetBytes("220 sink ESMTP\r\n");
    private static readonly byte[] Ehlo = Encoding.ASCII.GetBytes("250-sink\r\n250 PIPELINING\r\n");
    private static readonly byte[] Done = Encoding.ASCII.GetBytes("250 2.0.0 OK\r\n");
    private static readonly byte[] LoggedIn = Encoding.ASCII.GetBytes("235 2.7.0 OK\r\n");
    private static readonly byte[] StartText = Encoding.ASCII.GetBytes("354 Go on\r\n");
    private static readonly byte[] Goodbye = Encoding.ASCII.GetBytes("221 2.0.0 Bye\r\n");
    private static readonly byte[] Ok = Encoding.ASCII.GetBytes("+OK\r\n");

    private readonly Socket _smtp = Listen();
    private readonly Socket _pop3 = Listen();
    private readonly byte[] _stat;
    private readonly byte[] _list;
    private readonly byte[] _message;

    /// <param name="messages">Messages in every maildrop.</param>
    /// <param name="size">Octets of each.</param>
    public SinkServer(int messages, int size)
    {
        _stat = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"+OK {messages} {(long)messages * size}\r\n"));
        var rows = Enumerable.Range(1, messages).Select(number => string.Create(CultureInfo.InvariantCulture, $"{number} {size}\r\n"));
        _list = Encoding.ASCII.GetBytes("+OK\r\n" + string.Concat(rows) + ".\r\n");
        _message = [.. Ok, .. SampleText.WithDot(SampleText.OfSize(size))];
    }

    public IPEndPoint Smtp => (IPEndPoint)_smtp.LocalEndPoint!;

    public IPEndPoint Pop3 => (IPEndPoint)_pop3.LocalEndPoint!;

    /// <summary>Serves until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        AcceptAsync(_smtp, SmtpGreeting, () => new SmtpAnswers().Answer, cancellation),
        AcceptAsync(_pop3, Ok, () => AnswerPop3, cancellation));

    public void Dispose()
    {
        _smtp.Dispose();
        _pop3.Dispose();
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(1024);
        return socket;
    }

    private static async Task AcceptAsync(Socket listener, byte[] greeting, Func<Answerer> create, CancellationToken cancellation)
    {
        try
        {
            while (true)
                _ = ConverseAsync(await listener.AcceptAsync(cancellation), greeting, create(), cancellation);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static async Task ConverseAsync(Socket socket, byte[] greeting, Answerer answer, CancellationToken cancellation)
    {
        using (socket)
        {
            var input = new byte[Buffer];
            var output = new MemoryStream();
            output.Write(greeting);
            var (isOpen, length) = (true, 0);
            try
            {
                while (true)
                {
                    if (output.Length > 0)
                        await socket.SendAsync(output.GetBuffer().AsMemory(0, (int)output.Length), cancellation);
                    if (!isOpen)
                        return;
                    output.SetLength(0);
                    var received = await socket.ReceiveAsync(input.AsMemory(length), cancellation);
                    if (received == 0)
                        return;
                    length += received;
                    var used = answer(input.AsSpan(0, length), output, ref isOpen);
                    input.AsSpan(used, length - used).CopyTo(input);
                    length -= used;
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Clients come and go as they like.
            }
        }
    }

    private int AnswerPop3(ReadOnlySpan<byte> input, MemoryStream output, ref bool isOpen)
    {
        var used = 0;
        while (input[used..].IndexOf((byte)'\n') is >= 0 and var lineFeed)
        {
            var verb = input[used];
            output.Write(verb switch
            {
                (byte)'S' => _stat,
                (byte)'L' => _list,
                (byte)'R' => _message,
                _ => Ok,
            });
            isOpen &= verb != 'Q';
            used += lineFeed + 1;
        }

        return used;
    }

    // Writes answers to whole lines, and returns how many octets they were.
    private delegate int Answerer(ReadOnlySpan<byte> input, MemoryStream output, ref bool isOpen);

    private sealed class SmtpAnswers
    {
        private bool _isInText;

        public int Answer(ReadOnlySpan<byte> input, MemoryStream output, ref bool isOpen)
        {
            var used = 0;
            while (isOpen)
            {
                var rest = input[used..];
                var length = _isInText ? rest.IndexOf(EndOfText) + EndOfText.Length : rest.IndexOf((byte)'\n') + 1;
                if (length < (_isInText ? EndOfText.Length : 1))
                    return _isInText ? input.Length - Math.Min(rest.Length, EndOfText.Length - 1) : used;
                output.Write(_isInText ? Done : ReplyTo(rest[0]));
                isOpen = _isInText || rest[0] != 'Q';
                _isInText = !_isInText && rest[0] == 'D';
                used += length;
            }

            return used;
        }

        private static byte[] ReplyTo(byte verb) => verb switch
        {
            (byte)'E' => Ehlo,
            (byte)'D' => StartText,
            (byte)'A' => LoggedIn,
            (byte)'Q' => Goodbye,
            _ => Done,
        };
    }
}
