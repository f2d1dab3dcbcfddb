using MailServer.Core.Routing;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>A router may name another server's mailbox, and nothing sends mail there yet: no 250 may say that it was taken.</summary>
public sealed class RemoteRecipientTests
{
    [Theory]
    [InlineData("DATA")]
    [InlineData("BDAT 0 LAST")]
    public async Task Mail_that_nothing_sends_on_is_not_taken(string command)
    {
        var conversation = Conversation.Smtp(router: new Elsewhere());
        var replies = await conversation.SayAsync("HELO client.test", "MAIL FROM:<a@client.test>", "RCPT TO:<bob@far.test>");
        Assert.Contains("250 2.1.5 ", replies, StringComparison.Ordinal);

        // The connection answers such a fault with 421.
        await Assert.ThrowsAsync<NotSupportedException>(() => conversation.SayAsync(command));
    }

    private sealed class Elsewhere : IRecipientRouter
    {
        public ValueTask<Route> FindAsync(MailPath path, RouteClient client, CancellationToken cancellation) => ValueTask.FromResult(new Route(RouteKind.Remote));

        public ValueTask<Route> FindOwnersAsync(MailPath path, RouteClient client, CancellationToken cancellation) => ValueTask.FromResult(new Route(RouteKind.Unknown));
    }
}
