namespace MailServer.Core.Pop3.Commands;

/// <summary>NOOP (RFC 1939 5).</summary>
internal sealed class NoopCommand() : Pop3Command("NOOP", "NOOP", "do nothing")
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument) => Pop3Replies.Done;
}
