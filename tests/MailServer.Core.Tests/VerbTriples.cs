using System.Text;
using MailServer.Core.Pop3;
using MailServer.Core.Smtp;
using static MailServer.Core.Smtp.SmtpState;

namespace MailServer.Core.Tests;

/// <summary>Every three commands in a row, from every state, against the answers that the tables promise.</summary>
public sealed class VerbTriples
{
    private static readonly string Plain = Convert.ToBase64String(Encoding.ASCII.GetBytes("\0carol\0secret"));

    // A line for each verb that is well-formed, so that only its order decides; and the code that it earns in order.
    private static readonly (string Verb, string Line, int Code)[] Smtp =
    [
        ("HELO", "HELO client.test", 250), ("EHLO", "EHLO client.test", 250), ("PASS", "PASS x", 503), ("AUTH", $"AUTH PLAIN {Plain}", 235),
        ("STARTTLS", "STARTTLS", 454), ("MAIL", "MAIL FROM:<a@b.test>", 250), ("RCPT", "RCPT TO:<bob>", 250), ("DATA", "DATA", 354),
        ("BDAT", "BDAT 0", 250), ("RSET", "RSET", 250), ("VRFY", "VRFY bób", 252), ("EXPN", "EXPN x", 502), ("HELP", "HELP", 214),
        ("NOOP", "NOOP", 250), ("QUIT", "QUIT", 221), ("NONE", "NONE", 500),
    ];

    public static TheoryData<SmtpState> States => [Connected, Ready, Sender, Recipients, Chunks];

    [Fact]
    public void Every_command_of_the_table_takes_part() =>
        Assert.Equal(
            SmtpCommandTable.Standard.Commands.Select(command => command.Verb).Append("NONE").Order(StringComparer.Ordinal),
            Smtp.Select(row => row.Verb).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(States))]
    public async Task Three_SMTP_commands_are_answered_as_the_table_says(SmtpState start)
    {
        foreach (var first in Smtp)
        {
            foreach (var second in Smtp)
            {
                foreach (var third in Smtp)
                    await PlayAsync(start, [first, second, third]);
            }
        }
    }

    [Theory]
    [InlineData(Pop3State.Authorization)]
    [InlineData(Pop3State.Transaction)]
    public async Task Three_POP3_commands_are_each_answered_once(Pop3State start)
    {
        string[] lines =
        [
            "USER bob", "PASS secret", "AUTH PLAIN " + Plain, "AUTH", "STLS", "UTF8", "CAPA", "STAT", "LIST", "LIST 1", "UIDL", "UIDL 2", "RETR 1", "RETR",
            "RETR U", "TOP 1 0", "DELE 1", "RSET", "NOOP", "HELP", "QUIT", "LAST", "APOP bob x", "USER bób", "TOP 9 9", "DELE 0",
        ];
        foreach (var first in lines)
        {
            foreach (var second in lines)
            {
                foreach (var third in lines)
                {
                    var conversation = await StartAsync(Conversation.Pop3());
                    if (start == Pop3State.Transaction)
                        await conversation.SayAsync("USER bob", "PASS secret");
                    foreach (var line in new[] { first, second, third })
                    {
                        var isOver = conversation.Session.Wants == Sessions.SessionWants.Close;
                        var answer = await conversation.SayAsync(line);
                        Assert.Matches(isOver ? "^$" : @"^(\+OK|-ERR) [^\r\n]+\r\n((.*\r\n)*\.\r\n)?$", answer);
                    }
                }
            }
        }
    }

    private static async Task PlayAsync(SmtpState start, (string Verb, string Line, int Code)[] commands)
    {
        var conversation = await StartAsync(Conversation.Smtp());
        await conversation.SayAsync(TableInvariants.WayTo[start]);
        var session = (SmtpSession)conversation.Session;
        foreach (var (verb, line, code) in commands)
        {
            var before = session.State;
            var isLoggedIn = session.Account is not null;
            var isText = session.IsReceivingMessage || before == Closed;
            var answer = await conversation.SayAsync(line);

            var row = SmtpCommandTable.Standard.Find(verb, before);
            var isInOrder = row is not null && !(verb == "AUTH" && isLoggedIn);
            var expected = isText ? "" : verb != "NONE" && !isInOrder ? "503" : $"{code}";
            Assert.True(
                expected.Length == 0 ? answer.Length == 0 : answer.StartsWith(expected, StringComparison.Ordinal),
                $"{start}: {string.Join(" | ", commands.Select(command => command.Line))}: expected {expected} to {line} but got {answer}");

            // BDAT 0 without LAST leads to Chunks; everything else where its row says.
            var next = isText || !isInOrder || code >= 400 ? before
                : verb == "BDAT" ? Chunks
                : row!.Completed is { } completed && code < 300 ? completed : before;
            Assert.Equal(next, session.State);
        }
    }

    private static async Task<Conversation> StartAsync(Conversation conversation)
    {
        await conversation.AddAccountAsync("bob", "secret");
        await conversation.AddAccountAsync("carol", "secret");
        return conversation;
    }
}
