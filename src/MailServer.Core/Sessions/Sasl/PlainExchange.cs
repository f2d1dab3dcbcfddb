using MailServer.Core.Accounts;

namespace MailServer.Core.Sessions.Sasl;

/// <summary>PLAIN (RFC 4616 2): <c>[authzid] NUL authcid NUL passwd</c>.</summary>
public sealed class PlainExchange(ServerIdentity server) : ISaslExchange
{
    public SaslStep Respond(string? response)
    {
        if (response is null)
            return new SaslStep.Challenge("");
        if (response.Split('\0') is not [var authorization, { Length: > 0 } authentication, { Length: > 0 } password])
            return new SaslStep.Malformed();
        // Nobody acts for another here; an identity that was not checked let anybody in elsewhere (CVE-2023-27582).
        return authorization.Length == 0 || server.AreSame(authorization, authentication)
            ? new SaslStep.Credentials(authentication, password)
            : new SaslStep.OtherIdentity();
    }
}
