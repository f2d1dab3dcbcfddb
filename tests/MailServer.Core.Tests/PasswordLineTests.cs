using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>The line behind EHLO and a new account's name: a password, unless it looks like a command.</summary>
public sealed class PasswordLineTests
{
    [Theory]
    [InlineData("NOPO")]
    [InlineData("HLEP")]
    [InlineData("MIAL x")]
    [InlineData("QUI")]
    [InlineData("QUIZ")]
    [InlineData("QUITT")]
    [InlineData("UQIT")]
    [InlineData("XUIT")]
    [InlineData("SEDN x")]
    [InlineData("TUR")]
    [InlineData(":secret")]
    [InlineData("<secret")]
    [InlineData("XABC")]
    [InlineData("X-ABC")]
    [InlineData("  bye ")]
    [InlineData("passwd secret")]
    [InlineData("220 ready")]
    public async Task What_looks_like_a_command_is_no_password(string line) =>
        Assert.StartsWith("500 5.5.2 Unknown command; if that was meant as a password", await AfterGreetingAsync(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("abc def")]
    [InlineData("123")]
    [InlineData("1234 x")]
    [InlineData("passwd")]
    [InlineData("bye now")]
    [InlineData("XAB")]
    [InlineData("Xsecret")]
    [InlineData("ZMIL")]
    [InlineData("MIALS")]
    [InlineData("SA")]
    [InlineData("NPOO")]
    public async Task What_looks_like_no_command_is_a_password(string line) =>
        Assert.StartsWith("235 2.7.0 The account carol is made with this password; logged in", await AfterGreetingAsync(line), StringComparison.Ordinal);

    [Fact]
    public async Task An_account_that_another_session_opens_as_soon_as_it_is_made_is_in_use()
    {
        var conversation = Conversation.Pop3();
        Task<IMaildrop?>? other = null;
        conversation.Store.Fault = operation =>
        {
            if (operation == "open" && other is null)
                other = OpenAsync();
            return null;
        };

        Assert.StartsWith("-ERR [IN-USE] ", await conversation.SayAsync("USER carol", "PASS s3cret"), StringComparison.Ordinal);
        Assert.NotNull(await other!);

        async Task<IMaildrop?> OpenAsync()
        {
            other = Task.FromResult<IMaildrop?>(null);
            return await conversation.Store.OpenMaildropAsync((await conversation.Store.FindAsync(AccountName.TryParse("carol")!, default))!, default);
        }
    }

    private static async Task<string> AfterGreetingAsync(string line)
    {
        var conversation = Conversation.Smtp();
        return await conversation.SayAsync("EHLO carol", line);
    }
}
