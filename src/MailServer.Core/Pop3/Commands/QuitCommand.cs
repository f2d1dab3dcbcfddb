using MailServer.Core.Mail;

namespace MailServer.Core.Pop3.Commands;

/// <summary>QUIT (RFC 1939 6).</summary>
internal sealed class QuitCommand() : Pop3Command("QUIT", "QUIT", "carry out the deletions and end the session")
{
    public override async ValueTask<Pop3Outcome> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var hostname = session.Services.Identity.Hostname;
        var deleted = session.View.Deleted.Count;
        await session.UpdateAsync(cancellation);
        return deleted == 0 ? Pop3Replies.Goodbye(hostname) : Pop3Replies.GoodbyeDeleted(hostname, deleted);
    }

    public override Pop3Reply ReplyTo(StoreFault fault) => Pop3Replies.NothingDeleted;
}
