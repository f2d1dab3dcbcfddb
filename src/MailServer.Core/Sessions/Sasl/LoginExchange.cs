namespace MailServer.Core.Sessions.Sasl;

/// <summary>LOGIN, which no RFC defines and every client speaks: the name, then the password.</summary>
public sealed class LoginExchange : ISaslExchange
{
    private string? _identity;

    public SaslStep Respond(string? response)
    {
        if (response is null)
            return new SaslStep.Challenge("Username:");
        if (_identity is { } identity)
            return new SaslStep.Credentials(identity, response);
        _identity = response;
        return new SaslStep.Challenge("Password:");
    }
}
