using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>What an observer is told, which is what the log and the metrics are made of; what it must never hear is in <see cref="ObserverSecretTests"/>.</summary>
public sealed class ObservationTests
{
    private static readonly string[] Message = ["HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "DATA", "Subject: x", "", "text", "."];

    [Fact]
    public async Task A_message_is_told_with_its_sender_recipients_size_and_account()
    {
        var conversation = await SmtpAsync();
        await conversation.SayAsync(Message);
        await conversation.SayAsync("AUTH PLAIN AGJvYgBzM2NyZXQ=", "MAIL FROM:@ME", "RCPT TO:<bob>", "RCPT TO:<carol>", "DATA", ".");

        Assert.Equal(
            ["from a@b.test for bob, 20 octets, by nobody", "from bob@mail.test for bob carol, 0 octets, by bob"], conversation.ObservedAs("stored"));
    }

    [Theory]
    [InlineData("DATA", "Subject: x", "", 14)]
    [InlineData("BDAT 20", "Subject: x", "", 14)]
    [InlineData("BDAT 12", "Subject: x", "NOOP", 12)]
    public async Task A_message_within_which_the_session_ends_is_told_as_broken_off(string command, string first, string second, int octets)
    {
        var conversation = await SmtpAsync();
        await conversation.SayAsync([.. Message[..3], command, first, second]);
        await conversation.Session.DisposeAsync();

        Assert.Equal([$"off after {octets} octets from <a@b.test>"], conversation.ObservedAs("broken"));
    }

    [Fact]
    public async Task A_message_that_was_refused_is_not_told_as_stored()
    {
        var conversation = await SmtpAsync(new() { MessageSize = 5 });
        await conversation.SayAsync(Message);

        Assert.Empty(conversation.ObservedAs("stored"));
        Assert.Equal(["DATA 552 5.3.4 A message has at most 5 octets"], conversation.ObservedAs("refused"));
    }

    [Theory]
    [InlineData("BDAT 554 5.4.6 *", "HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "BDAT 26 LAST", "Received: x", "Received: y")]
    [InlineData("BDAT 501 5.5.4 *", "BDAT x")]
    [InlineData("BDAT 501 5.5.4 *", "HELO client.test", " BDAT 6 LAST")]
    [InlineData("BDAT 503 5.5.1 *", "HELO client.test", "BDAT 2 LAST", "")]
    [InlineData("? 500 5.5.2 *", "FOO")]
    [InlineData("? 500 5.5.2 *", "\u0001")]
    [InlineData("MAIL 503 5.5.1 *", "mail from:<a@b.test>")]
    [InlineData("RCPT 550 5.1.1 *", "HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<nobody>")]
    [InlineData("AUTH 535 5.7.8 *", "HELO client.test", "AUTH PLAIN", "AGJvYgB3cm9uZw==")]
    [InlineData("? 500 5.5.2 *", "HELO client.test", "AUTH PLAIN", "\u0001")]
    [InlineData("PASS 535 5.7.8 *", "EHLO bob", "wrong")]
    [InlineData("PASS 501 5.7.0 *", "EHLO new", "")]
    [InlineData("PASS 535 5.7.8 *", "EHLO bob", "PASS wrong")]
    public async Task What_SMTP_refuses_is_told_once_with_its_verb(string refused, params string[] lines)
    {
        var conversation = await SmtpAsync(new() { Hops = 1 });
        await conversation.SayAsync(lines);

        var (told, expected) = (Assert.Single(conversation.ObservedAs("refused")), refused.TrimEnd('*'));
        Assert.StartsWith(expected, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_is_too_long_is_told_as_a_line_without_a_verb()
    {
        var conversation = await SmtpAsync(new() { AuthLine = 100 });
        await conversation.SayAsync("HELO client.test", "AUTH PLAIN", new string('x', 200));

        Assert.Equal(["? 500 5.5.6 A response has at most 100 octets"], conversation.ObservedAs("refused"));
    }

    [Fact]
    public async Task What_no_command_asked_for_is_told_without_a_verb()
    {
        var told = new List<string>();
        foreach (var act in new Action<IProtocolSession, System.IO.Pipelines.PipeWriter>[] { (s, o) => s.OnTimeout(o), (s, o) => s.OnShutdown(o), (s, o) => s.OnFault(o) })
        {
            var conversation = Conversation.Smtp();
            await conversation.HearAsync(output => act(conversation.Session, output));
            told.Add(Assert.Single(conversation.ObservedAs("refused"))[..6]);
        }

        Assert.Equal(["? 421 ", "? 421 ", "? 421 "], told);
    }

    [Fact]
    public async Task Logins_and_refused_ones_and_new_accounts_are_told_with_their_names()
    {
        var conversation = await SmtpAsync();
        await conversation.SayAsync("EHLO bob", "wrong", "s3cret", "EHLO new", "other", "HELO alone", "AUTH PLAIN", "AGFcYgB3cm9uZw==");
        Assert.Equal(["no-login bob", "login bob", "created new", "login new"], Logins(conversation));

        conversation = Conversation.Smtp();
        await conversation.AddAccountAsync("bare", null);
        await conversation.SayAsync("HELO alone", "HELO bare", "EHLO bare", "pass word", "AUTH PLAIN AGFcYgB3cm9uZw==");
        Assert.Equal(["created alone", "login alone", "login bare", "login bare"], Logins(conversation));

        conversation = Conversation.Pop3();
        await conversation.AddAccountAsync("bob", "s3cret");
        await conversation.SayAsync("USER bob", "PASS wrong", "AUTH PLAIN AGFcYgB3cm9uZw==", "USER new", "PASS word");
        Assert.Equal(["no-login bob", "no-login ", "created new", "login new"], Logins(conversation));
    }

    [Fact]
    public async Task Messages_fetched_and_deleted_are_told_with_size_and_count()
    {
        var conversation = await Pop3Async();
        await conversation.SayAsync("RETR 1", "TOP 2 0", "DELE 1", "DELE 2", "QUIT");

        Assert.Equal(["20 octets"], conversation.ObservedAs("retrieved"));
        Assert.Equal(["2"], conversation.ObservedAs("deleted"));
    }

    [Fact]
    public async Task A_session_that_deleted_nothing_tells_of_no_deletions()
    {
        var conversation = await Pop3Async();
        await conversation.SayAsync("RETR 1", "QUIT");

        Assert.Empty(conversation.ObservedAs("deleted"));
    }

    [Theory]
    [InlineData("STAT", "STAT")]
    [InlineData("LIST 1", "LIST 1")]
    [InlineData("retr 2", "retr 2")]
    [InlineData("RETR U", "RETR U")]
    [InlineData("RETR u", "RETR u")]
    [InlineData("TOP 1 20", "TOP 1 20")]
    [InlineData("RETR one", "RETR ***")]
    [InlineData("USER bob", "USER bob")]
    [InlineData("user bob smith", "USER ***")]
    [InlineData("noop x", "NOOP ***")]
    [InlineData("FOO", "***")]
    public async Task A_line_of_POP3_is_told_without_what_may_be_a_secret(string line, string told)
    {
        var conversation = await Pop3Async();
        conversation.Observed.Clear();
        await conversation.SayAsync(line);

        Assert.Equal([told], conversation.ObservedAs("received"));
    }

    [Theory]
    [InlineData("HELO alice", "HELO alice")]
    [InlineData("helo  alice  s3cret", "HELO alice ***")]
    [InlineData("EHLO client.test", "EHLO client.test")]
    [InlineData("ehlo alice s3cret", "EHLO alice ***")]
    [InlineData("MAIL FROM:<a@b.test>", "MAIL FROM:<a@b.test>")]
    [InlineData("QUIT", "QUIT")]
    [InlineData("NOOP x", "NOOP ***")]
    [InlineData("FOO", "***")]
    public async Task A_line_of_SMTP_is_told_without_what_may_be_a_secret(string line, string told)
    {
        var conversation = await SmtpAsync();
        await conversation.SayAsync(line);

        Assert.Equal([told], conversation.ObservedAs("received"));
    }

    [Fact]
    public async Task A_response_is_told_as_a_line_that_nobody_may_read()
    {
        var conversation = await SmtpAsync();
        await conversation.SayAsync("HELO client.test", "AUTH PLAIN", "AGJvYgBzM2NyZXQ=");

        Assert.Equal(["HELO client.test", "AUTH ***", "***"], conversation.ObservedAs("received"));
    }

    [Fact]
    public async Task Answers_are_told_line_by_line_and_a_row_of_a_message_without_its_text()
    {
        var conversation = await SmtpAsync();
        var answer = await conversation.SayAsync("EHLO client.test");
        Assert.Equal(answer.Split("\r\n", StringSplitOptions.RemoveEmptyEntries), conversation.ObservedAs("sent").Skip(1));

        conversation = await Pop3Async(Pop3Listing.Detailed);
        conversation.Observed.Clear();
        await conversation.SayAsync("LIST 1", "STAT", "RETR 1");
        Assert.Equal(["+OK ***", "+OK 2 40", "+OK 20 octets"], conversation.ObservedAs("sent"));
    }

    [Fact]
    public async Task A_state_is_told_when_it_is_entered_and_only_then()
    {
        var conversation = await SmtpAsync();
        await conversation.SayAsync("NOOP", "HELO client.test", "NOOP", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "RCPT TO:<carol>", "RSET", "QUIT");

        Assert.Equal(["Ready", "Sender", "Recipients", "Ready", "Closed"], conversation.ObservedAs("state"));
    }

    [Fact]
    public async Task Who_wants_no_lines_hears_neither_lines_nor_states()
    {
        var conversation = await SmtpAsync();
        conversation.Observed.Clear();
        conversation.WantsLines = false;
        await conversation.SayAsync("HELO client.test", "AUTH PLAIN", "AGJvYgBzM2NyZXQ=", "FOO");
        Assert.Equal(["login bob", "refused ? 500 5.5.2 Unknown command; HELP lists those that are known"], conversation.Observed);

        conversation = await Pop3Async();
        conversation.Observed.Clear();
        conversation.WantsLines = false;
        await conversation.SayAsync("RETR 1", "NOOP");
        Assert.Equal(["retrieved 20 octets"], conversation.Observed);
    }

    [Theory]
    [InlineData("read", Pop3Listing.Standard, "RETR 1")]
    [InlineData("read", Pop3Listing.Standard, "RETR")]
    [InlineData("read", Pop3Listing.Detailed, "LIST 1")]
    [InlineData("read", Pop3Listing.Detailed, "RETR")]
    [InlineData("update", Pop3Listing.Standard, "QUIT")]
    public async Task A_fault_of_the_store_is_told(string operation, Pop3Listing listing, string line)
    {
        var conversation = await Pop3Async(listing);
        await conversation.SayAsync("DELE 2");
        conversation.Store.Fault = at => at == operation ? new StoreFault(StoreFaultKind.Damaged, "broken") : null;
        await conversation.SayAsync(line);

        Assert.Equal(["broken"], conversation.ObservedAs("fault"));
    }

    [Fact]
    public async Task A_fault_at_the_end_of_a_broken_session_is_told_and_thrown_at_nobody()
    {
        var conversation = await Pop3Async();
        await conversation.SayAsync("RETR 1");
        conversation.Store.Fault = _ => new StoreFault(StoreFaultKind.Unavailable, "broken");
        await conversation.Session.DisposeAsync();

        Assert.Equal(["broken"], conversation.ObservedAs("fault"));
    }

    private static IEnumerable<string> Logins(Conversation conversation) => conversation.Observed.Where(text =>
        text.StartsWith("login ", StringComparison.Ordinal) || text.StartsWith("no-login ", StringComparison.Ordinal) || text.StartsWith("created ", StringComparison.Ordinal));

    private static async Task<Conversation> SmtpAsync(MailLimits? limits = null)
    {
        var conversation = Conversation.Smtp(limits: limits);
        await conversation.AddAccountAsync("bob", "s3cret");
        await conversation.AddAccountAsync("carol", null);
        return conversation;
    }

    private static async Task<Conversation> Pop3Async(Pop3Listing listing = Pop3Listing.Standard)
    {
        var conversation = Conversation.Pop3(listing);
        await conversation.AddMessagesAsync("bob", "s3cret", "Subject: x\r\n\r\ntext\r\n", "Subject: y\r\n\r\ntext\r\n");
        await conversation.SayAsync("USER bob", "PASS s3cret");
        return conversation;
    }
}
