using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>What a deadline sees of a session: whether it gets on, and with what.</summary>
public sealed class ProgressTests
{
    private const int Block = 64 * 1024;

    private static readonly string[] Envelope = ["HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>"];

    [Fact]
    public async Task A_command_is_progress_and_a_part_of_one_is_none()
    {
        var conversation = await StartAsync();
        Assert.Equal([1, 1, 2, 3], await ProgressAsync(conversation, "NOOP\r\n", "NO", "OP\r\n", "FOO\r\n"));
        Assert.False(conversation.Session.IsReceivingMessage);
    }

    [Fact]
    public async Task A_line_of_a_text_is_progress_and_a_part_of_one_is_none()
    {
        var conversation = await StartAsync(Envelope);
        var before = conversation.Session.Progress;
        var steps = await ProgressAsync(conversation, "DATA\r\n", "Subj", "ect: x\r\n", "\r\n\r", "\n", "a\nb\r\n", "c\nd");
        Assert.Equal([1, 1, 2, 3, 4, 6, 7], steps.Select(step => step - before));
        Assert.True(conversation.Session.IsReceivingMessage);

        // What the text counted stays counted when it has ended.
        Assert.Equal([9], (await ProgressAsync(conversation, "\r\n.\r\n")).Select(step => step - before));
        Assert.False(conversation.Session.IsReceivingMessage);
    }

    [Fact]
    public async Task Where_LF_ends_lines_each_is_progress()
    {
        var conversation = await StartAsync();
        var steps = await ProgressAsync(conversation, "HELO x\nMAIL FROM:<a@b.test>\nRCPT TO:<bob>\nDATA\n", "Subject: x\n", "\n", "te", "xt\n");
        Assert.Equal([4, 5, 6, 6, 7], steps);
    }

    [Fact]
    public async Task A_block_of_a_line_or_chunk_is_progress_and_less_is_none()
    {
        var block = new string('x', Block - 1);
        var conversation = await StartAsync([.. Envelope, "DATA"]);
        var before = conversation.Session.Progress;
        Assert.Equal([0, 1, 1, 2], (await ProgressAsync(conversation, block, "x", block, "x")).Select(step => step - before));

        conversation = await StartAsync(Envelope);
        before = conversation.Session.Progress;
        Assert.Equal([1, 1, 2, 3], (await ProgressAsync(conversation, $"BDAT {3 * Block}\r\n", block, "x", block + "x")).Select(step => step - before));
    }

    [Fact]
    public async Task A_chunk_that_is_refused_is_a_message_all_the_same()
    {
        var conversation = await StartAsync();
        await conversation.SayAsync($"BDAT {2 * Block}");
        Assert.True(conversation.Session.IsReceivingMessage);
        Assert.Equal(new MailLimits().DataBlock, conversation.Session.Patience);

        var before = conversation.Session.Progress;
        var block = new string('x', Block - 1);
        Assert.Equal([0, 1, 1, 3], (await ProgressAsync(conversation, block, "x", block, "x")).Select(step => step - before));
        Assert.False(conversation.Session.IsReceivingMessage);
        Assert.Equal(new MailLimits().SmtpIdle, conversation.Session.Patience);
    }

    [Theory]
    [InlineData("RSET")]
    [InlineData("HELO client.test")]
    [InlineData("EHLO client.test")]
    [InlineData("QUIT")]
    [InlineData("BDAT 0 LAST")]
    public async Task Nothing_is_left_of_a_message_that_is_forgotten_or_has_ended(string line)
    {
        var conversation = await StartAsync([.. Envelope, "BDAT 0"]);
        var session = (SmtpSession)conversation.Session;
        Assert.NotNull(session.Transaction);
        Assert.Equal(1, conversation.Store.OpenWriters);

        await conversation.SayAsync(line);
        if (line == "QUIT")
            await session.DisposeAsync();
        Assert.Null(session.Transaction);
        Assert.Equal(0, conversation.Store.OpenWriters);
    }

    [Fact]
    public async Task A_text_that_is_refused_is_given_up_before_its_end()
    {
        var conversation = await StartAsync([.. Envelope, "DATA"], new() { MessageSize = 5 });
        Assert.Equal("", await conversation.SayAsync("Subject: x"));
        Assert.Equal(0, conversation.Store.OpenWriters);

        var written = conversation.Store.OctetsWritten;
        Assert.Equal("", await conversation.SayAsync("", "more of it"));
        Assert.Equal(written, conversation.Store.OctetsWritten);
        Assert.StartsWith("552 ", await conversation.SayAsync("."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_within_a_text_is_told_of_behind_its_end()
    {
        var conversation = await StartAsync([.. Envelope, "DATA"]);
        conversation.Store.Fault = operation => operation == "flush" ? new StoreFault(StoreFaultKind.Full, "full") : null;
        Assert.Equal("", await conversation.SayAsync("Subject: x"));
        Assert.Equal("", await conversation.SayAsync("RSET"));
        Assert.StartsWith("452 4.3.1 ", await conversation.SayAsync("."), StringComparison.Ordinal);
        Assert.Empty(conversation.Store.MessagesOf(Accounts.AccountName.TryParse("bob")!));
    }

    [Theory]
    [InlineData(13, "452 4.2.2 ")]
    [InlineData(12, "552 5.2.2 ")]
    public async Task A_text_larger_than_a_mailbox_is_refused_for_good_and_one_without_room_for_now(int mailbox, string answer)
    {
        var conversation = await StartAsync([.. Envelope, "DATA"], new() { MailboxSize = mailbox });
        Assert.StartsWith(answer, await conversation.SayAsync("Subject: xy", "."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_makes_a_session_forget_who_greeted_and_how()
    {
        var conversation = await StartAsync("EHLO client.test", "AUTH PLAIN AGJvYgBzM2NyZXQ=");
        var session = (SmtpSession)conversation.Session;
        Assert.Equal(("client.test", true, "bob"), (session.HeloWord, session.IsExtended, session.Account?.Name.Text));

        session.OnTlsStarted();
        Assert.Equal(("", false, null), (session.HeloWord, session.IsExtended, session.Account?.Name.Text));
    }

    [Fact]
    public async Task Each_failed_login_waits_a_second_longer()
    {
        var conversation = await StartAsync("HELO client.test");
        var waits = new List<double>();
        for (var i = 0; i < 2; i++)
        {
            var before = conversation.Clock.UtcNow;
            await conversation.SayAsync("AUTH PLAIN AGJvYgB3cm9uZw==");
            waits.Add((conversation.Clock.UtcNow - before).TotalSeconds);
        }

        Assert.Equal([1, 2], waits);
    }

    private static Task<Conversation> StartAsync(params string[] lines) => StartAsync(lines, null);

    private static async Task<Conversation> StartAsync(string[] lines, MailLimits? limits)
    {
        var conversation = Conversation.Smtp(limits: limits);
        await conversation.AddAccountAsync("bob", "s3cret");
        await conversation.SayAsync(lines);
        return conversation;
    }

    private static async Task<List<long>> ProgressAsync(Conversation conversation, params string[] pieces)
    {
        var steps = new List<long>();
        foreach (var piece in pieces)
        {
            await conversation.SendAsync(Octets.Of(piece));
            steps.Add(conversation.Session.Progress);
        }

        return steps;
    }
}
