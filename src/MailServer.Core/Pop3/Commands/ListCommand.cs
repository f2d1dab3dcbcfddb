using MailServer.Core.Protocol;

namespace MailServer.Core.Pop3.Commands;

/// <summary>LIST (RFC 1939 5).</summary>
internal sealed class ListCommand : Pop3Command
{
    public override string Verb => "LIST";

    public override string Usage => "LIST [number]";

    public override string Purpose => "list the messages' sizes";

    public override string Mask(string line) => MaskUnlessNumbers(line);

    public override async ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var view = session.View;
        var number = argument.Trim();
        var isDetailed = session.Services.Pop3Listing == Pop3Listing.Detailed;
        if (number.Length == 0)
            return Pop3Replies.Listing(view.Count, view.Octets, isDetailed ? new DetailedRows(session) : new SizeRows(session));
        var index = view.Find(number, out var refusal);
        if (refusal is not null)
            return refusal;
        return isDetailed
            ? Pop3Replies.DetailedRow(await DetailedRows.RowAsync(session, index, cancellation))
            : Pop3Replies.Row($"{index + 1} {view.OctetsOf(index)}");
    }
}
