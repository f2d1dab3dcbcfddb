using MailServer.Core.Mail;

namespace MailServer.Core.Pop3.Commands;

/// <summary>QUIT (RFC 1939 6).</summary>
internal sealed class QuitCommand : Pop3Command
{
    public override string Verb => "QUIT";

    public override string Usage => "QUIT";

    public override string Purpose => "carry out the deletions and end the session";

    public override async ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var hostname = session.Services.Identity.Hostname;
        if (session.State == Pop3State.Authorization)
            return Pop3Replies.Goodbye(hostname) with { Ends = true };
        try
        {
            var count = session.View.Deleted.Count;
            await session.UpdateAsync(cancellation);
            return count == 0 ? Pop3Replies.Goodbye(hostname) : Pop3Replies.GoodbyeDeleted(hostname, count);
        }
        catch (StoreFault fault)
        {
            session.Observer.StoreFailed(fault);
            return Pop3Replies.NothingDeleted;
        }
    }
}
