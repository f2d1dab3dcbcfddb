namespace MailServer.Core.Pop3.Commands;

/// <summary>STAT (RFC 1939 5).</summary>
internal sealed class StatCommand : Pop3Command
{
    public override string Verb => "STAT";

    public override string Usage => "STAT";

    public override string Purpose => "count messages and octets";

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult(Pop3Replies.Status(session.View.Count, session.View.Octets));
}
