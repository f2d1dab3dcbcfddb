using MailServer.Core.Pop3;
using MailServer.Core.Smtp;
using MailServer.Testing;

namespace MailServer.Core.Tests;

public sealed class TableInvariantTests
{
    public static IEnumerable<object[]> SmtpPairs =>
        StateExamples.SmtpWays.Keys.SelectMany(state => SmtpCommandTable.Standard.Commands.Select(command => new object[] { state, command.Verb }));

    public static IEnumerable<object[]> Pop3Pairs =>
        StateExamples.Pop3Ways.Keys.SelectMany(state => Pop3CommandTable.Standard.Commands.Select(command => new object[] { state, command.Verb }));

    [Theory]
    [MemberData(nameof(SmtpPairs))]
    public async Task An_SMTP_command_that_may_not_come_is_answered_503_and_moves_nothing(SmtpState state, string verb)
    {
        var conversation = Conversation.Smtp();
        await conversation.AddAccountAsync(StateExamples.User, StateExamples.Password);
        await conversation.SayAsync(StateExamples.SmtpWays[state]);
        var session = (SmtpSession)conversation.Session;
        Assert.Equal(state, session.State);

        var isAllowed = SmtpCommandTable.Standard.Find(verb, state) is not null;
        var reply = await conversation.SayAsync(StateExamples.SmtpLines[verb]);

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
        await conversation.AddAccountAsync(StateExamples.User, StateExamples.Password);
        await conversation.SayAsync(StateExamples.Pop3Ways[state]);
        var session = (Pop3Session)conversation.Session;
        Assert.Equal(state, session.State);

        var isAllowed = Pop3CommandTable.Standard.Find(verb, state) is not null;
        var reply = await conversation.SayAsync(StateExamples.Pop3Lines[verb]);

        // Refused for its order alone: what is asked for is right in every other way. PASS may come after a login that needed none, and only then.
        var refusal = (state == Pop3State.Authorization ? Pop3Replies.LogInFirst : Pop3Replies.AfterLogin).FirstLine + "\r\n";
        Assert.Equal(!isAllowed || (verb == "PASS" && state == Pop3State.Transaction), reply == refusal);
        if (!isAllowed)
            Assert.Equal(state, session.State);
    }

    [Fact]
    public void There_is_an_example_of_every_command()
    {
        Assert.Equal(
            SmtpCommandTable.Standard.Commands.Select(command => command.Verb).Order(StringComparer.Ordinal), StateExamples.SmtpLines.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            Pop3CommandTable.Standard.Commands.Select(command => command.Verb).Order(StringComparer.Ordinal), StateExamples.Pop3Lines.Keys.Order(StringComparer.Ordinal));
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
}
