using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;

namespace MailServer.Core.Pop3.Commands;

/// <summary>LIST (RFC 1939 5).</summary>
internal sealed class ListCommand() : Pop3Command("LIST", "LIST [number]", "list the messages, with their sizes")
{
    public override string Mask(string line) => MaskUnlessNumbers(line);

    public override async ValueTask<Pop3Outcome> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var view = session.View;
        var number = argument.Trim();
        var isDetailed = session.Services.Pop3Listing == Pop3Listing.Detailed;
        if (number.Length == 0)
            return Pop3Replies.Listing(view.Count, view.Octets, isDetailed ? new DetailedSizesBody(session) : new SizesBody(session));
        var found = view.Find(number);
        if (found.Index is not { } index)
            return Pop3Replies.For(found);
        return isDetailed
            ? Pop3Replies.DetailedRow(await DetailedSizesBody.RowAsync(session, index, cancellation))
            : Pop3Replies.Row($"{index + 1} {view.OctetsOf(index)}");
    }
}
