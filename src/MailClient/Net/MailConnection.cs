using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailServer.Core.Wire;

namespace MailClient.Net;

/// <summary>A connection to a mail server: lines and dot-coded texts over a stream, in clear or under TLS.</summary>
internal sealed class MailConnection : IAsyncDisposable
{
    // RFC 5321 4.5.3.1.5 allows 512 octets, and real servers send more.
    private const int MaxLine = 16 * 1024;
    private const int FlushAt = 64 * 1024;
    private const int UnendedLine = 1024 * 1024;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(2);

    // Servers greet at once, or after some seconds that only senders of unwanted mail do not wait.
    private static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(20);

    private readonly LineFramer _framer = new(acceptsBareLineFeed: true, UnendedLine);
    private readonly ArrayBufferWriter<byte> _output = new();
    private Stream _stream;
    private PipeReader _input;

    /// <summary>Speaks over a stream, which it owns.</summary>
    /// <param name="local">The own end, where there is one.</param>
    public MailConnection(ServerAddress address, Stream stream, IPEndPoint? local = null, bool isLoopback = false)
    {
        (Address, _stream, Local, IsLoopback) = (address, stream, local, isLoopback);
        _input = Reader(stream);
    }

    public ServerAddress Address { get; }

    /// <summary>The own end, or null.</summary>
    public IPEndPoint? Local { get; }

    /// <summary>True when the server is on this machine, so that nobody in between can listen.</summary>
    public bool IsLoopback { get; }

    public bool IsEncrypted => _stream is SslStream;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience { get; set; } = UsualPatience;

    /// <summary>Connects, in clear. Throws <see cref="ClientFault"/>.</summary>
    public static async Task<MailConnection> ConnectAsync(ServerAddress address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = new CancellationTokenSource(ConnectPatience, TimeProvider.System);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, patience.Token);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ClientFault($"cannot connect to {address}: {exception.Message.TrimEnd('.')}; is the server running?");
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw new ClientFault($"cannot connect to {address}: no answer within {ConnectPatience.TotalSeconds:0} seconds");
        }

        var isLoopback = socket.RemoteEndPoint is IPEndPoint remote && IPAddress.IsLoopback(Unmapped(remote.Address));
        return new(address, new NetworkStream(socket, ownsSocket: true), socket.LocalEndPoint as IPEndPoint, isLoopback);
    }

    /// <summary>Goes on under TLS, if the certificate is good. Throws <see cref="ClientFault"/> and what TLS throws.</summary>
    public async Task StartTlsAsync(CertificateTrust trust)
    {
        // What came in clear behind the answer is not the server's, or it is broken: either way it must not be taken
        // for something that came under TLS (CVE-2021-38371).
        if (_input.TryRead(out var early) && !early.Buffer.IsEmpty)
            throw new ClientFault($"{Address} sent more than it may before TLS");

        X509Certificate? certificate = null;
        var errors = SslPolicyErrors.None;
        var tls = new SslStream(_stream);
        using (var patience = new CancellationTokenSource(ConnectPatience, TimeProvider.System))
        {
            try
            {
                // The certificate is judged below, before the first octet is sent: the user may need longer to compare
                // it than the server waits for a handshake.
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = Address.Host,
                        RemoteCertificateValidationCallback = (_, shown, _, found) => Note(shown, found),
                    },
                    patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new ClientFault($"the TLS handshake with {Address} took too long; does it speak TLS on this port?");
            }
        }

        _stream = tls;
        _input = Reader(tls);
        _framer.Restart();
        trust.Check(Address, certificate!, errors);

        bool Note(X509Certificate? shown, SslPolicyErrors found)
        {
            // Kept beyond the callback, which frees the one that it was given.
            certificate = shown is null ? null : X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
            errors = found;
            return certificate is not null;
        }
    }

    /// <summary>The next line without its end. Throws <see cref="ClientFault"/> at the end of the connection.</summary>
    public async ValueTask<string> ReadLineAsync()
    {
        while (true)
        {
            var read = await ReadAsync();
            var frame = _framer.Next(read.Buffer, MaxLine);
            if (frame.Kind == FrameKind.Line)
            {
                var line = Encoding.UTF8.GetString(frame.Line);
                _input.AdvanceTo(frame.Consumed);
                return line;
            }

            if (frame.Kind != FrameKind.Incomplete)
                throw new ClientFault($"{Address} sends lines that are too long; is it a mail server?");
            _input.AdvanceTo(frame.Consumed, read.Buffer.End);
            if (read.IsCompleted)
                throw Closed();
        }
    }

    /// <summary>Returns once the server says something. Throws <see cref="ClientFault"/> when it does not, as where TLS is to begin.</summary>
    public async ValueTask WaitForGreetingAsync()
    {
        Patience = GreetingPatience;
        var read = await ReadAsync(() => new($"{Address} does not greet{HintOfTls}"));
        _input.AdvanceTo(read.Buffer.Start);
        if (read is { IsCompleted: true, Buffer.IsEmpty: true })
            throw new ClientFault($"{Address} has closed the connection without a greeting{HintOfTls}");
        Patience = UsualPatience;
    }

    /// <summary>Reads a text up to the lone dot.</summary>
    public async Task ReadTextAsync(ITextSink sink)
    {
        var decoder = new DotDecoder(_framer.Ending == LineEnding.Lf ? LineEnding.Lf : LineEnding.CrLf);
        while (!decoder.IsComplete)
        {
            var read = await ReadAsync();
            _input.AdvanceTo(decoder.Decode(read.Buffer, sink));
            if (!decoder.IsComplete && read.IsCompleted)
                throw Closed();
        }
    }

    /// <summary>Sends commands, each on its line.</summary>
    public async ValueTask WriteLinesAsync(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            // Whoever can put a line end into an argument could give a command of his own.
            if (line.AsSpan().ContainsAny('\r', '\n', '\0'))
                throw new ClientFault("a command is one line of text");
            _output.Write(Encoding.UTF8.GetBytes(line));
            _output.Write("\r\n"u8);
        }

        await FlushAsync();
    }

    /// <summary>Sends a text and the lone dot. If writing it throws, the text is not ended, and the server throws it away.</summary>
    public async Task WriteTextAsync(Func<Mime.OctetOutput, Task> writeAsync, IProgress<long>? progress)
    {
        var encoder = new DotEncoder();
        var octets = 0L;
        await writeAsync(async text =>
        {
            encoder.Write(text.Span, _output);
            octets += text.Length;
            progress?.Report(octets);
            if (_output.WrittenCount >= FlushAt)
                await FlushAsync();
        });
        encoder.Finish(_output);
        await FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        catch (IOException)
        {
            // TLS says goodbye, and the other end may be gone.
        }
    }

    private static PipeReader Reader(Stream stream) => PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024, leaveOpen: true));

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async ValueTask FlushAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await _stream.WriteAsync(_output.WrittenMemory, patience.Token);
            await _stream.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw Silent();
        }

        _output.ResetWrittenCount();
    }

    private string HintOfTls => IsEncrypted ? "" : "; where TLS begins with the first octet, as on ports 465 and 995, say --tls";

    private async ValueTask<ReadResult> ReadAsync(Func<ClientFault>? silent = null)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            return await _input.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw silent?.Invoke() ?? Silent();
        }
    }

    private ClientFault Silent() => new($"{Address} has not answered for {Patience.TotalMinutes:0} minutes");

    private ClientFault Closed() => new($"{Address} has closed the connection");
}
