using MailServer.Core.Sessions;
using MailServer.Core.Smtp;
using MailServer.Core.Wire;
using Microsoft.Extensions.Logging;

namespace MailServer.Net;

/// <summary>The daemon that takes mail in (RFC 5321).</summary>
internal sealed class SmtpServer(SessionServices services, ConnectionServices shared, ILogger logger)
    : ServerBase(Protocol(services.Identity.Hostname), shared, logger)
{
    protected override IProtocolSession CreateSession(Peer peer, ISessionObserver observer) => new SmtpSession(services, peer, observer);

    private static WireProtocol Protocol(string hostname) => new(
        "SMTP",
        "--smtp",
        StandardPort: 25,
        OtherPort: 2525,
        Refusal: SmtpReplies.TooManyConnections(hostname).Format(0));
}
