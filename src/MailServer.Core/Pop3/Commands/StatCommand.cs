namespace MailServer.Core.Pop3.Commands;

/// <summary>STAT (RFC 1939 5).</summary>
internal sealed class StatCommand() : Pop3Command("STAT", "STAT", "count messages and octets")
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument) =>
        Pop3Replies.Status(session.View.Count, session.View.Octets);
}
