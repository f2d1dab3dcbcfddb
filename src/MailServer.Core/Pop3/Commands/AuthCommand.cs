using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions.Sasl;

namespace MailServer.Core.Pop3.Commands;

/// <summary>AUTH (RFC 5034 4). Alone it lists the mechanisms, as old clients expect.</summary>
internal sealed class AuthCommand() : Pop3Command("AUTH", "AUTH [mechanism [initial-response]]", "log in with PLAIN or LOGIN")
{
    public override async ValueTask<Pop3Outcome> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        if (!session.MayLogIn)
            return Pop3Replies.EncryptionNeeded;
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return Pop3Replies.Mechanisms(new TextBody(SaslMechanisms.Names));
        if (words.Length > 2)
            return Pop3Replies.BadArgument(Usage);
        return SaslMechanisms.TryCreate(words[0], session.Services.Identity) is { } exchange
            ? await new Pop3Responses(session, exchange).StepAsync(words.Length == 1 ? null : words[1], cancellation)
            : Pop3Replies.UnknownMechanism;
    }
}
