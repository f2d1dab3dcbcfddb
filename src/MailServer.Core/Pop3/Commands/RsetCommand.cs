namespace MailServer.Core.Pop3.Commands;

/// <summary>RSET (RFC 1939 5).</summary>
internal sealed class RsetCommand : Pop3Command
{
    public override string Verb => "RSET";

    public override string Usage => "RSET";

    public override string Purpose => "take all deletion marks back";

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        session.View.UndoDeletions();
        return ValueTask.FromResult(Pop3Replies.Reset(session.View.Count, session.View.Octets));
    }
}
