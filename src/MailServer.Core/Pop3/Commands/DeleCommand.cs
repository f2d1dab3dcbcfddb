namespace MailServer.Core.Pop3.Commands;

/// <summary>DELE (RFC 1939 5).</summary>
internal sealed class DeleCommand : Pop3Command
{
    public override string Verb => "DELE";

    public override string Usage => "DELE number";

    public override string Purpose => "mark a message to be deleted at QUIT";

    public override string Mask(string line) => MaskUnlessNumbers(line);

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var index = session.View.Find(argument.Trim(), out var refusal);
        if (refusal is not null)
            return ValueTask.FromResult(refusal);
        session.View.MarkDeleted(index);
        return ValueTask.FromResult(Pop3Replies.Deleted(index + 1));
    }
}
