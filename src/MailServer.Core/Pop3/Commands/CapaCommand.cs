using MailServer.Core.Pop3.Bodies;

namespace MailServer.Core.Pop3.Commands;

/// <summary>CAPA (RFC 2449 5).</summary>
internal sealed class CapaCommand() : Pop3Command("CAPA", "CAPA", "list what is offered")
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument) =>
        Pop3Replies.Capabilities(new TextBody(Pop3Capabilities.Offered(session)));
}
