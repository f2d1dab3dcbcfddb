using MailServer.Core.Pop3;
using MailServer.Core.Smtp;

namespace MailServer.Core.Tests;

public sealed class TableInvariants
{
    internal static readonly Dictionary<SmtpState, string[]> WayTo = new()
    {
        [SmtpState.Connected] = [],
        [SmtpState.Ready] = ["HELO client.test"],
        [SmtpState.Sender] = ["HELO client.test", "MAIL FROM:<a@b.test>"],
        [SmtpState.Recipients] = ["HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>"],
        [SmtpState.Chunks] = ["HELO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "BDAT 0"],
    };

    public static IEnumerable<object[]> SmtpPairs =>
        WayTo.Keys.SelectMany(state => SmtpCommandTable.Standard.Commands.Select(command => new object[] { state, command.Verb }));

    public static IEnumerable<object[]> Pop3Pairs =>
        new[] { Pop3State.Authorization, Pop3State.Transaction }.SelectMany(state => Pop3CommandTable.Standard.Commands.Select(command => new object[] { state, command.Verb }));

    [Theory]
    [MemberData(nameof(SmtpPairs))]
    public async Task An_SMTP_command_that_may_not_come_is_answered_503_and_moves_nothing(SmtpState state, string verb)
    {
        var conversation = Conversation.Smtp();
        await conversation.AddAccountAsync("bob", "secret");
        await conversation.SayAsync(WayTo[state]);
        var session = (SmtpSession)conversation.Session;
        Assert.Equal(state, session.State);

        var isAllowed = SmtpCommandTable.Standard.Find(verb, state) is not null;
        var reply = await conversation.SayAsync(Example(verb));

        // PASS is 503 everywhere unless EHLO has asked for a password.
        Assert.Equal(!isAllowed || verb == "PASS", reply.StartsWith("503 5.5.1 ", StringComparison.Ordinal));
        if (!isAllowed)
            Assert.Equal(state, session.State);
    }

    [Theory]
    [MemberData(nameof(Pop3Pairs))]
    public async Task A_POP3_command_that_may_not_come_is_refused_and_moves_nothing(Pop3State state, string verb)
    {
        var conversation = Conversation.Pop3();
        await conversation.AddAccountAsync("bob", "secret");
        if (state == Pop3State.Transaction)
            await conversation.SayAsync("USER bob", "PASS secret");
        var session = (Pop3Session)conversation.Session;
        Assert.Equal(state, session.State);

        var isAllowed = Pop3CommandTable.Standard.Find(verb, state) is not null;
        var reply = await conversation.SayAsync(Pop3Example(verb));

        // Refused for its order alone: what is asked for is right in every other way. PASS may come after a login that needed none, and only then.
        var refusal = (state == Pop3State.Authorization ? Pop3Replies.LogInFirst : Pop3Replies.AfterLogin).FirstLine + "\r\n";
        Assert.Equal(!isAllowed || (verb == "PASS" && state == Pop3State.Transaction), reply == refusal);
        if (!isAllowed)
            Assert.Equal(state, session.State);
    }

    [Fact]
    public void Every_command_has_a_form_that_begins_with_its_verb_and_a_purpose()
    {
        var rows = SmtpCommandTable.Standard.Commands.Select(command => (command.Verb, command.Usage, command.Purpose))
            .Concat(Pop3CommandTable.Standard.Commands.Select(command => (command.Verb, command.Usage, command.Purpose)));
        Assert.All(rows, row =>
        {
            Assert.StartsWith(row.Verb, row.Usage, StringComparison.Ordinal);
            Assert.NotEmpty(row.Purpose);
        });
    }

    private static string Pop3Example(string verb) => verb switch
    {
        "USER" => "USER bob",
        "PASS" => "PASS secret",
        "RETR" or "DELE" or "LIST" or "UIDL" => verb + " 1",
        "TOP" => "TOP 1 0",
        _ => verb,
    };

    private static string Example(string verb) => verb switch
    {
        "MAIL" => "MAIL FROM:<c@d.test>",
        "RCPT" => "RCPT TO:<bob>",
        "HELO" or "EHLO" => verb + " client.test",
        "BDAT" => "BDAT 0",
        "AUTH" => "AUTH PLAIN",
        "VRFY" or "PASS" => verb + " bob",
        _ => verb,
    };
}
