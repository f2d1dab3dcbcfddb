using System.Buffers;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3;

/// <summary>A command line of POP3 comes next.</summary>
internal sealed class Pop3CommandInput(Pop3Session session, CommandTable<Pop3Command, Pop3State> table)
    : CommandInput<Pop3Session, Pop3Command, Pop3State, Pop3Reply>(session, table)
{
    protected override Pop3Outcome RefuseTooLong(int limit) => Pop3Replies.LineTooLong(limit);

    protected override Pop3Outcome RefuseUnreadable(ReadOnlySequence<byte> line) => Pop3Replies.BadCharacters;

    protected override Pop3Reply OutOfOrder(Pop3Command command) =>
        Session.State == Pop3State.Authorization ? Pop3Replies.LogInFirst : Pop3Replies.AfterLogin;

    protected override Pop3Reply BadArgument(Pop3Command command) => Pop3Replies.BadArgument(command.Usage);

    protected override ValueTask<Pop3Outcome> RunUnknownAsync(ReadOnlySequence<byte> octets, string line, CancellationToken cancellation)
    {
        var verb = CommandText.Split(line).Verb;
        return ValueTask.FromResult<Pop3Outcome>(
            Session.State == Pop3State.Authorization && CommandText.IsHttpRequest(line) ? Pop3Replies.NotHttp
            : CommandText.IsSmtpVerb(verb) ? Pop3Replies.CommandOfSmtp(verb.ToUpperInvariant())
            : Session is { State: Pop3State.Authorization, User: not null } ? Pop3Replies.NotAPassword
            : Pop3Replies.UnknownCommand);
    }
}
