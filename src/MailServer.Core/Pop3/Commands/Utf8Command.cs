using MailServer.Core.Sessions;

namespace MailServer.Core.Pop3.Commands;

/// <summary>UTF8 (RFC 6856 2). Not RFC: mail with UTF-8 in its header is never down-converted for clients that did not say it, so that every client gets the octets that were sent.</summary>
internal sealed class Utf8Command() : Pop3Command("UTF8", "UTF8", "say that you read UTF-8", Arguments.None)
{
    protected override Pop3Outcome Execute(Pop3Session session, string argument) => Pop3Replies.Utf8On;
}
