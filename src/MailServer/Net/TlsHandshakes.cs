using System.Security.Authentication;

namespace MailServer.Net;

/// <summary>How every connection of both daemons becomes encrypted.</summary>
/// <param name="Certificates">The certificate to show.</param>
/// <param name="Limit">How long a handshake may take.</param>
internal sealed record TlsHandshakes(TlsCertificates Certificates, TimeSpan Limit)
{
    /// <summary>Encrypts a connection. Throws <see cref="AuthenticationException"/>, also when the time is up.</summary>
    public async Task StartAsync(Connection connection, TimeProvider clock)
    {
        using var timeout = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, connection.Aborted);
        try
        {
            await connection.StartTlsAsync(Certificates.Options, either.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            throw new AuthenticationException("it took too long", exception);
        }
        catch (IOException exception)
        {
            throw new AuthenticationException(exception.Message, exception);
        }
    }
}
