using MailServer.Core.Pop3;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;
using Microsoft.Extensions.Logging;

namespace MailServer.Net;

/// <summary>The daemon that hands mail out (RFC 1939).</summary>
internal sealed class Pop3Server(SessionServices services, ConnectionServices shared, ILogger logger)
    : ServerBase(Protocol, shared, logger)
{
    private static readonly WireProtocol Protocol = new(
        "POP3",
        "--pop3",
        StandardPort: 110,
        OtherPort: 1100,
        Refusal: Pop3Replies.TooManyConnections.FirstLine);

    protected override IProtocolSession CreateSession(Peer peer, ISessionObserver observer) => new Pop3Session(services, peer, observer);
}
