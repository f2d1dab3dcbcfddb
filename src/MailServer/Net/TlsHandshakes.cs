using System.Security.Authentication;

namespace MailServer.Net;

/// <summary>How every connection of both daemons becomes encrypted.</summary>
/// <param name="Certificates">The certificate to show.</param>
/// <param name="Limit">How long a handshake may take.</param>
internal sealed record TlsHandshakes(TlsCertificates Certificates, TimeSpan Limit)
{
    /// <summary>Encrypts a connection.</summary>
    /// <param name="isFromStart">True on a port that begins with TLS.</param>
    /// <returns>Null, or cause and remedy in one line when it failed or the time is up.</returns>
    public async Task<string?> StartAsync(Connection connection, bool isFromStart, TimeProvider clock)
    {
        using var timeout = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, connection.Aborted);
        try
        {
            await connection.StartTlsAsync(Certificates.Options, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return "it took too long";
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException && !connection.Aborted.IsCancellationRequested)
        {
            return HandshakeFaults.Reason(exception, Path.GetFullPath(Certificates.CertificateFile), isFromStart);
        }
    }

    /// <summary>Why a client may end a connection right behind a handshake without a word.</summary>
    public string HungUp => HandshakeFaults.HungUp(Path.GetFullPath(Certificates.CertificateFile));
}
