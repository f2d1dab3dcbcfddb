namespace MailServer.Core.Pop3.Commands;

/// <summary>NOOP (RFC 1939 5).</summary>
internal sealed class NoopCommand : Pop3Command
{
    public override string Verb => "NOOP";

    public override string Usage => "NOOP";

    public override string Purpose => "do nothing";

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult(Pop3Replies.Done);
}
