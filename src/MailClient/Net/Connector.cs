namespace MailClient.Net;

/// <summary>Opens dialogues as the command line asks for it: under TLS where it can be, and without a password in clear.</summary>
/// <param name="isTls">True for TLS from the first octet, as on ports 465 and 995.</param>
/// <param name="isInsecure">True when passwords may cross a network in clear.</param>
internal sealed class Connector(CertificateTrust trust, bool isTls, bool isInsecure)
{
    /// <summary>Greets an SMTP server and logs in where there are credentials.</summary>
    /// <param name="credentials">Asked for once the connection is safe; null sends without a login.</param>
    /// <param name="isLoginNeeded">False: only where the server offers a login.</param>
    public async Task<SmtpDialogue> OpenSmtpAsync(ServerAddress address, Func<Credentials>? credentials, bool isLoginNeeded = true)
    {
        return await OpenSmtpAsync(await ConnectAsync(address), credentials, isLoginNeeded);
    }

    /// <summary>Greets a POP3 server and logs in.</summary>
    /// <param name="credentials">Asked for once the connection is safe.</param>
    public async Task<Pop3Dialogue> OpenPop3Async(ServerAddress address, Func<Credentials> credentials) =>
        await OpenPop3Async(await ConnectAsync(address), credentials);

    /// <summary>The same over a connection that is there, and that is closed if this fails.</summary>
    public async Task<SmtpDialogue> OpenSmtpAsync(MailConnection connection, Func<Credentials>? credentials, bool isLoginNeeded = true)
    {
        try
        {
            var dialogue = await SmtpDialogue.OpenAsync(connection, trust);
            if (credentials is not null && (isLoginNeeded || (dialogue.OffersLogin && MayLogIn(connection))))
            {
                RequireSafety(connection);
                await dialogue.LogInAsync(credentials());
            }

            return dialogue;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc cref="OpenSmtpAsync(MailConnection, Func{Credentials}?, bool)"/>
    public async Task<Pop3Dialogue> OpenPop3Async(MailConnection connection, Func<Credentials> credentials)
    {
        try
        {
            var dialogue = await Pop3Dialogue.OpenAsync(connection, trust);
            RequireSafety(connection);
            await dialogue.LogInAsync(credentials());
            return dialogue;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<MailConnection> ConnectAsync(ServerAddress address)
    {
        var connection = await MailConnection.ConnectAsync(address);
        if (!isTls)
            return connection;
        try
        {
            await connection.StartTlsAsync(trust);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private bool MayLogIn(MailConnection connection) => connection.IsEncrypted || connection.IsLoopback || isInsecure;

    private void RequireSafety(MailConnection connection)
    {
        if (!MayLogIn(connection))
        {
            throw new ClientFault(
                $"{connection.Address} offers no TLS, and a password in clear could be read on the way; --insecure sends it nevertheless");
        }
    }
}
