using MailServer.Core.Pop3;
using MailServer.Core.Smtp;
using MailServer.Testing;
using static MailServer.Core.Smtp.SmtpState;

namespace MailServer.Core.Tests;

/// <summary>Every three commands in a row, from every state, against the answers that the tables promise.</summary>
public sealed class VerbTripleTests
{
    // Each verb's line, so that only its order decides, with the code that it earns in order; and a login that is complete, a chunk that is not the last, no verb.
    private static readonly (string Verb, string Line, int Code)[] Smtp =
    [
        .. StateExamples.SmtpLines.Where(line => line.Key != "AUTH").Select(line => (line.Key, line.Value, CodeOf(line.Key))),
        ("AUTH", $"AUTH PLAIN {StateExamples.Plain}", 235),
        ("BDAT", "BDAT 0", 250),
        ("NONE", "NONE", 500),
    ];

    // Besides the verbs' own lines: other forms, other answers, and what is unknown.
    private static readonly string[] Pop3 =
        [.. StateExamples.Pop3Lines.Values, "AUTH", "LIST", "UIDL", "UIDL 2", "RETR", "RETR U", "LAST", "APOP bob x", "USER bób", "TOP 9 9", "DELE 0"];

    public static TheoryData<SmtpState> SmtpStates => [.. StateExamples.SmtpWays.Keys];

    public static TheoryData<Pop3State> Pop3States => [.. StateExamples.Pop3Ways.Keys];

    [Theory]
    [MemberData(nameof(SmtpStates))]
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
    [MemberData(nameof(Pop3States))]
    public async Task Three_POP3_commands_are_each_answered_once(Pop3State start)
    {
        foreach (var first in Pop3)
        {
            foreach (var second in Pop3)
            {
                foreach (var third in Pop3)
                {
                    var conversation = await StartAsync(Conversation.Pop3());
                    await conversation.SayAsync(StateExamples.Pop3Ways[start]);
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

    private static int CodeOf(string verb) => verb switch
    {
        "PASS" => 503,
        "STARTTLS" => 454,
        "DATA" => 354,
        "VRFY" => 252,
        "EXPN" => 502,
        "HELP" => 214,
        "QUIT" => 221,
        _ => 250,
    };

    private static async Task PlayAsync(SmtpState start, (string Verb, string Line, int Code)[] commands)
    {
        var conversation = await StartAsync(Conversation.Smtp());
        await conversation.SayAsync(StateExamples.SmtpWays[start]);
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

            // A chunk that is not the last leads where the row says for what is not done yet.
            var leads = line == "BDAT 0" ? row?.Intermediate : row?.Completed;
            var next = isText || !isInOrder || code >= 300 ? before : leads ?? before;
            Assert.Equal(next, session.State);
        }
    }

    private static async Task<Conversation> StartAsync(Conversation conversation)
    {
        await conversation.AddAccountAsync(StateExamples.User, StateExamples.Password);
        return conversation;
    }
}
