using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;

namespace MailServer.Core.Pop3.Commands;

/// <summary>RETR (RFC 1939 5), and without a number or with U the forms of the classroom servers.</summary>
internal sealed class RetrCommand() : Pop3Command("RETR", "RETR [number | U]", "send a message, all of them, or the unread ones")
{
    public override string Mask(string line) => MaskUnlessNumbers(line);

    public override async ValueTask<Pop3Outcome> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var view = session.View;
        var which = argument.Trim();
        if (which.Length == 0)
            return All(session, [.. view.Present]);
        if (which is "U" or "u")
            return All(session, [.. view.Present.Where(index => !view.IsRead(index))]);
        var found = view.Find(which);
        if (found.Index is not { } index)
            return Pop3Replies.For(found);
        return Pop3Replies.Message(
            view.OctetsOf(index),
            session.Services.Pop3Listing == Pop3Listing.Detailed
                ? await DetailedMessageBody.OpenAsync(session, index, cancellation)
                : await MessageBody.OpenAsync(session, index, cancellation));
    }

    private static Pop3Reply All(Pop3Session session, IReadOnlyList<int> indexes) =>
        Pop3Replies.Several(indexes.Count, indexes.Sum(session.View.OctetsOf), new MessagesBody(session, indexes));
}
