namespace MailServer.Core.Pop3.Commands;

/// <summary>DELE (RFC 1939 5).</summary>
internal sealed class DeleCommand() : Pop3Command("DELE", "DELE number", "mark a message to be deleted at QUIT")
{
    public override string Mask(string line) => MaskUnlessNumbers(line);

    protected override Pop3Outcome Execute(Pop3Session session, string argument)
    {
        var found = session.View.Find(argument.Trim());
        if (found.Index is not { } index)
            return Pop3Replies.For(found);
        session.View.MarkDeleted(index);
        return Pop3Replies.Deleted(index + 1);
    }
}
