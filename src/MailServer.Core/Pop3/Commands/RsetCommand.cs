namespace MailServer.Core.Pop3.Commands;

/// <summary>RSET (RFC 1939 5).</summary>
internal sealed class RsetCommand() : Pop3Command("RSET", "RSET", "take all deletion marks back")
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument)
    {
        session.View.UndoDeletions();
        return Pop3Replies.Reset(session.View.Count, session.View.Octets);
    }
}
