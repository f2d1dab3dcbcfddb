using MailServer.Testing;

namespace MailServer.Core.Tests;

public sealed class ObserverSecretTests
{
    [Theory]
    [InlineData("HELO client.test", "PASS s3cret")]
    [InlineData("EHLO alice", "s3cret")]
    [InlineData("EHLO alice", "PASS s3cret")]
    [InlineData("EHLO alice", "pAsS  s3cret")]
    [InlineData("EHLO nobody", "s3cret")]
    [InlineData("HELO client.test", "PASSS s3cret")]
    [InlineData("EHLO alice s3cret")]
    [InlineData("EHLO alice", "help s3cret")]
    [InlineData("HELO client.test", "DATA", "quit s3cret")]
    [InlineData("HELO client.test", "STARTTLS s3cret")]
    [InlineData("hElO  alice  s3cret")]
    [InlineData("EHLO alice", "wrong", "wrong s3cret")]
    [InlineData("HELO client.test", "pas s3cret")]
    [InlineData("EHLO alice", "\u0001s3cret")]
    [InlineData("EHLO alice", "wrong", "s3cret")]
    [InlineData("HELO client.test", "AUTH PLAIN s3cret")]
    [InlineData("HELO client.test", "aUtH  pLaIn s3cret s3cret")]
    [InlineData("HELO client.test", "AUTH LOGIN", "s3cret", "s3cret")]
    [InlineData("EHLO zed9", "mail s3cret")]
    [InlineData("EHLO zed9", "rcpt order s3cret")]
    [InlineData("EHLO alice", "MAIL s3cret")]
    [InlineData("EHLO alice", "Rcpt\ts3cret")]
    [InlineData("EHLO zed9", "mail fromage:s3cret")]
    [InlineData("EHLO zed9", "rcpt to s3cret:x")]
    [InlineData("EHLO zed9", "rcpt from:s3cret")]
    [InlineData("EHLO zed9", "bdat s3cret")]
    [InlineData("EHLO alice", "wrong", "mail s3cret")]
    [InlineData("EHLO zed9", "MIAL x", "mail s3cret")]
    [InlineData("AUTH PLAIN s3cret")]
    public async Task No_password_is_ever_reported_by_an_SMTP_session(params string[] lines)
    {
        var conversation = Conversation.Smtp();
        await conversation.AddAccountAsync("alice", "other");
        await conversation.SayAsync(lines);

        Assert.NotEmpty(conversation.Observed);
        Assert.DoesNotContain(conversation.Observed, text => text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PASS s3cret")]
    [InlineData("USER alice", "PASS s3cret")]
    [InlineData("USER alice", "pass s3cret")]
    [InlineData("USER alice", "PAS s3cret")]
    [InlineData("USER alice", "s3cret")]
    [InlineData("USER alice s3cret")]
    [InlineData("USER alice", "PASS other", "RETR s3cret")]
    [InlineData("CAPA s3cret")]
    [InlineData("user  alice  s3cret")]
    [InlineData("USER new", "PASS s3cret")]
    [InlineData("AUTH PLAIN s3cret")]
    [InlineData("auth login", "s3cret", "s3cret")]
    [InlineData("USER alice", "PASS other", "PASS s3cret")]
    [InlineData("USER alice", "PASS\u0001 s3cret")]
    public async Task No_password_is_ever_reported_by_a_POP3_session(params string[] lines)
    {
        var conversation = Conversation.Pop3();
        await conversation.AddAccountAsync("alice", "other");
        await conversation.SayAsync(lines);

        Assert.NotEmpty(conversation.Observed);
        Assert.DoesNotContain(conversation.Observed, text => text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b.test>")]
    [InlineData("mail from : a@b.test")]
    [InlineData("RCPT TO:<bob>")]
    [InlineData("BDAT 0 LAST")]
    public async Task A_command_is_shown_where_a_password_could_stand(string line)
    {
        var conversation = Conversation.Smtp();
        await conversation.SayAsync("EHLO zed9", line);

        Assert.Contains(conversation.Observed, text => text.EndsWith(line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_text_of_a_message_is_ever_reported()
    {
        var conversation = Conversation.Smtp();
        await conversation.AddAccountAsync("bob", null);
        await conversation.SayAsync("HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "DATA", "Subject: s3cret", "", "s3cret", ".");

        Assert.DoesNotContain(conversation.Observed, text => text.Contains("s3cret", StringComparison.Ordinal));
    }
}
