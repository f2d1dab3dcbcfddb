using MailServer.Core.Sessions;
using MailServer.Core.Sessions.Sasl;

namespace MailServer.Core.Smtp.Commands;

/// <summary>AUTH (RFC 4954 4). Only over TLS or from this machine, unless a setting says otherwise.</summary>
internal sealed class AuthCommand() : SmtpCommand("AUTH", "AUTH mechanism [initial-response]", "log in with PLAIN or LOGIN", Arguments.Required)
{
    public override string Details => "name and password go in base64: AUTH PLAIN takes both at once, AUTH LOGIN asks for them";

    public override async ValueTask<SmtpOutcome> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (!session.MayLogIn)
            return session.Services.StartTls == StartTlsPolicy.Never ? SmtpReplies.EncryptionNotOffered : SmtpReplies.EncryptionNeeded;
        if (session.Account is { IsPasswordless: false } account)
            return SmtpReplies.LoggedInAlready(account.Name.Text);
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 2)
            return SmtpReplies.BadArgument(Usage);
        if (SaslMechanisms.TryCreate(words[0], session.Services.Identity) is not { } exchange)
            return SmtpReplies.UnknownMechanism;
        return await new SmtpResponses(session, exchange).StepAsync(words.Length == 1 ? null : words[1], cancellation);
    }
}
