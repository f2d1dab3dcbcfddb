using MailServer.Core.Accounts;
using MailServer.Testing;

namespace MailServer.Core.Tests;

public sealed class ProtectTests
{
    [Fact]
    public async Task Of_two_clients_that_protect_an_account_at_once_the_second_is_refused_and_changes_nothing()
    {
        var conversation = Conversation.Smtp();
        await conversation.AddAccountAsync("alice", null);
        var alice = await conversation.Store.FindAsync(AccountName.TryParse("alice")!, CancellationToken.None);
        await conversation.SayAsync("EHLO alice");

        // Between the look at the account and the write another client is faster.
        conversation.Store.Fault = operation =>
        {
            if (operation == "protect")
            {
                conversation.Store.Fault = null;
                Assert.True(conversation.Store.AddPasswordHashAsync(alice!, "first", CancellationToken.None).AsTask().IsCompletedSuccessfully);
            }

            return null;
        };
        var answer = await conversation.SayAsync("second");

        Assert.Contains("535 5.7.8", answer, StringComparison.Ordinal);
        Assert.Equal("first", (await conversation.Store.FindAsync(alice!.Name, CancellationToken.None))!.PasswordHash);
    }
}
