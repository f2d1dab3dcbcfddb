namespace MailServer.Core.Pop3.Commands;

/// <summary>UTF8 (RFC 6856 2). Not RFC: mail with UTF-8 in its header is never down-converted for clients that did not say it, so that every client gets the octets that were sent.</summary>
internal sealed class Utf8Command : Pop3Command
{
    public override string Verb => "UTF8";

    public override string Usage => "UTF8";

    public override string Purpose => "say that you read UTF-8";

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        return ValueTask.FromResult(!string.IsNullOrWhiteSpace(argument) ? Pop3Replies.BadArgument(Usage) : Pop3Replies.Utf8On);
    }
}
