namespace MailServer.Core.Pop3.Commands;

/// <summary>CAPA (RFC 2449 5).</summary>
internal sealed class CapaCommand : Pop3Command
{
    public override string Verb => "CAPA";

    public override string Usage => "CAPA";

    public override string Purpose => "list what is offered";

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult(Pop3Replies.Capabilities(new TextRows(Capabilities.Offered(session))));
}
