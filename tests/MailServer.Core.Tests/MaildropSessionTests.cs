using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Pop3;
using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>A POP3 session and its maildrop: what is read of it, how often, and what a fault in the middle leaves.</summary>
public sealed class MaildropSessionTests
{
    private static readonly string Large = "Subject: x\r\n\r\n" + string.Concat(Enumerable.Repeat("0123456789\r\n", 80_000));

    [Fact]
    public async Task A_message_larger_than_any_block_is_sent_whole()
    {
        var conversation = await StartAsync(Large);
        Assert.Equal($"+OK {Large.Length} octets\r\n{Large}.\r\n", await conversation.SayAsync("RETR 1"));
    }

    [Theory]
    [InlineData("RETR 1")]
    [InlineData("TOP 1 0")]
    [InlineData("TOP 1 99")]
    [InlineData("TOP 2 0")]
    public async Task The_store_is_read_no_further_than_the_answer_needs(string line)
    {
        var conversation = await StartAsync("Subject: x\r\n\r\nHello\r\n", Large);
        var reads = 0;
        conversation.Store.Fault = operation =>
        {
            reads += operation == "read" ? 1 : 0;
            return null;
        };
        await conversation.SayAsync(line);
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task Nobody_is_asked_for_the_password_of_an_account_that_has_no_login()
    {
        var conversation = Conversation.Pop3();
        await conversation.Store.AddAsync(AccountName.Postmaster, Account.NoLogin, default);
        Assert.StartsWith("-ERR [AUTH] postmaster takes mail, but nobody can log in to it", await conversation.SayAsync("USER postmaster"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR ", await conversation.SayAsync("PASS x"), StringComparison.Ordinal);
        Assert.Empty(conversation.ObservedAs("no-login"));
    }

    [Fact]
    public async Task UIDL_says_the_same_of_one_message_as_of_all()
    {
        var conversation = await StartAsync("a\r\n", "b\r\n");
        var all = (await conversation.SayAsync("UIDL")).Split("\r\n");
        Assert.Equal($"+OK {all[1]}\r\n", await conversation.SayAsync("UIDL 1"));
        Assert.Equal($"+OK {all[2]}\r\n", await conversation.SayAsync("UIDL 2"));
        Assert.All(all[1..3], row => Assert.Matches("^[12] [!-~]{1,70}$", row));
        Assert.NotEqual(all[1][1..], all[2][1..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fault_within_a_message_ends_the_session_without_a_word_that_would_be_taken_for_its_text(bool isOurs)
    {
        var conversation = await StartAsync(Large);
        var reads = 0;
        conversation.Store.Fault = operation => operation != "read" || ++reads < 2 ? null
            : isOurs ? new InvalidOperationException("broken") : new StoreFault(StoreFaultKind.Damaged, "broken");
        var answer = "";
        if (isOurs)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => conversation.SayAsync("RETR 1"));
            answer = await conversation.HearAsync(conversation.Session.OnFault);
        }
        else
        {
            answer = await conversation.SayAsync("RETR 1");
            Assert.Equal(["broken"], conversation.ObservedAs("fault"));
        }

        Assert.EndsWith("0123456789\r\n", answer[..(answer.LastIndexOf('\n') + 1)], StringComparison.Ordinal);
        Assert.DoesNotContain("-ERR", answer, StringComparison.Ordinal);
        Assert.Equal(SessionWants.Close, conversation.Session.Wants);
    }

    [Fact]
    public void A_view_counts_a_deletion_once_and_names_deletions_in_order()
    {
        var view = new MaildropView([new(10, false), new(20, false), new(30, false)]);
        view.MarkDeleted(2);
        view.MarkDeleted(0);
        view.MarkDeleted(2);
        Assert.Equal([0, 2], view.Deleted);
        Assert.Equal((1, 20L), (view.Count, view.Octets));
        view.UndoDeletions();
        Assert.Equal((3, 60L), (view.Count, view.Octets));
    }

    [Theory]
    [InlineData("\r\nbody\r\n", 0, 2)]
    [InlineData("\nbody\n", 0, 1)]
    [InlineData("\r\nbody\r\nmore\r\n", 1, 8)]
    [InlineData("A: b\r\n", 5, 6)]
    public void The_top_of_a_message_may_begin_with_its_blank_line(string text, int lines, int octets) => Assert.Equal(octets, new TopFilter(lines).Take(Octets.Of(text)));

    private static async Task<Conversation> StartAsync(params string[] messages)
    {
        var conversation = Conversation.Pop3();
        await conversation.AddMessagesAsync("bob", "s3cret", messages);
        await conversation.SayAsync("USER bob", "PASS s3cret");
        return conversation;
    }
}
