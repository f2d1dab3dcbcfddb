using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace MailServer.Interop.Tests;

public class DotNetTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Text = ".\r\n..two dots\r\nFrom the beginning\r\nend.\r\n.";

    // SmtpClient puts an empty line of its own behind every text.
    private static readonly byte[] Sent = Encoding.ASCII.GetBytes($"Subject: From .NET\r\n\r\n{Text}\r\n\r\n");

    [Fact]
    public async Task SmtpClient_sends_a_message()
    {
        var bob = await server.AddAccountAsync();
        using var client = Client(null);
        await SendAsync(client, RunningServer.Sender, bob.Address);
        Letters.MustHaveText(Sent, await server.ReadOnlyMessageAsync(bob), "ESMTP");
    }

    [Fact]
    public async Task SmtpClient_logs_in_and_sends_in_its_own_name()
    {
        var bob = await server.AddAccountAsync();
        using var client = Client(new(bob.Name, bob.Password));
        await SendAsync(client, bob.Address, bob.Address);
        await SendAsync(client, bob.Address, bob.Address);
        var messages = await server.ReadMailboxAsync(bob);
        Assert.Equal(2, messages.Count);
        Assert.All(messages, message => Letters.MustHaveText(Sent, message, "ESMTPA"));
    }

    [Fact]
    public async Task SmtpClient_is_refused_with_a_wrong_password()
    {
        var bob = await server.AddAccountAsync();
        using var client = Client(new(bob.Name, "wrong"));
        var exception = await Assert.ThrowsAsync<SmtpException>(() => SendAsync(client, bob.Address, bob.Address));
        Assert.Equal((SmtpStatusCode)530, exception.StatusCode);
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [Fact]
    public async Task SmtpClient_names_the_recipient_that_is_unknown()
    {
        using var client = Client(null);
        var exception = await Assert.ThrowsAsync<SmtpFailedRecipientException>(
            () => SendAsync(client, RunningServer.Sender, $"nobody@{RunningServer.Domain}"));
        Assert.Equal(SmtpStatusCode.MailboxUnavailable, exception.StatusCode);
    }

    private static async Task SendAsync(SmtpClient client, string from, string to)
    {
        using var message = new MailMessage(from, to, "From .NET", Text) { BodyTransferEncoding = TransferEncoding.SevenBit };
        await client.SendMailAsync(message);
    }

    private SmtpClient Client(NetworkCredential? login) => new(RunningServer.Address, server.Smtp) { Credentials = login };
}
