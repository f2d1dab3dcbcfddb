using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MailServer.Net;

/// <summary>
/// A TLS handshake of the server with itself, in memory, of some milliseconds. The TLS library says only in a handshake that a key or a
/// signature is too weak for it (OpenSSL's security level): a certificate with which every one fails can be read like any other.
/// </summary>
internal static class TrialHandshake
{
    // Only a broken library takes this long: both sides go on in each other's writes, and wait for nobody else.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    /// <summary>Why no handshake comes about, in the words of the TLS library, or null when one does.</summary>
    /// <param name="options">Those that clients will meet.</param>
    public static string? Failure(SslServerAuthenticationOptions options)
    {
        var inline = new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);
        var (toServer, toClient) = (new Pipe(inline), new Pipe(inline));
        using var server = new SslStream(new PipeStream(toServer.Reader, toClient.Writer));
        using var client = new SslStream(new PipeStream(toClient.Reader, toServer.Writer));
        var served = FailureAsync(server, () => server.AuthenticateAsServerAsync(options));
        var asked = FailureAsync(client, () => client.AuthenticateAsClientAsync(Client(options)));
        return Task.WaitAll([served, asked], _limit) ? served.GetAwaiter().GetResult() ?? asked.GetAwaiter().GetResult() : "the handshake does not end";
    }

    // A client that takes this certificate and no other, whatever name and dates stand in it, and asks nobody about it.
    private static SslClientAuthenticationOptions Client(SslServerAuthenticationOptions options) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = options.EnabledSslProtocols,
        AllowTlsResume = false,
        CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(options.ServerCertificateContext!.TargetCertificate.RawData),
    };

    private static async Task<string?> FailureAsync(SslStream side, Func<Task> shakeHandsAsync)
    {
        try
        {
            await shakeHandsAsync();
            return null;
        }
        catch (Exception exception)
        {
            // Whatever it is, clients would meet it too. The other side would wait for ever.
            await side.DisposeAsync();
            return Words(exception);
        }
    }

    // error:0A00018F:SSL routines::ee key too small
    private static string Words(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception.Message.Split("::")[^1].TrimEnd('.').ReplaceLineEndings(" ");
    }

    /// <summary>What is read from one pipe and written to another.</summary>
    private sealed class PipeStream(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream _input = reader.AsStream();
        private readonly Stream _output = writer.AsStream();

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override void Flush() => _output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _input.Dispose();
            _output.Dispose();
            base.Dispose(disposing);
        }
    }
}
