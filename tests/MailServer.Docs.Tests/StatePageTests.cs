using System.Buffers;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Pop3;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;

namespace MailServer.Docs.Tests;

/// <summary>
/// docs/smtp-states.md and docs/pop3-states.md say what the tables say and the sessions do. Run with UPDATE_DOCS=1 in the
/// environment, this test writes them.
/// </summary>
public sealed class StatePageTests
{
    [Fact]
    public async Task The_SMTP_states_are_documented()
    {
        var states = StateExamples.SmtpWays.Keys;
        await StatePage.CompareAsync("smtp-states.md", $"""
            # The states of an SMTP session

            Printed from `SmtpCommandTable` and from what a session answers; a test compares. Each cell has the answer to a
            well-formed command and the state that follows, if it is another. A refused command changes nothing.

            {await StatePage.TableAsync(SmtpCommandTable.Standard, states, SmtpCellAsync)}

            The moves alone, from the table. A verb in parentheses is accepted and more is to come: BDAT without LAST.

            {StatePage.Diagram(SmtpCommandTable.Standard, states, SmtpState.Closed)}

            Any other verb is answered 500, and an argument of the wrong form 501 where the verb may come.

            - **Connected**: greeted by us. After STARTTLS the session begins here again, encrypted.
            - **Ready**: HELO or EHLO was accepted, and no message is under way.
            - **Sender**, **Recipients**: MAIL was accepted, and at least one RCPT.
            - **Chunks**: a chunk that was not the last has come, and the next one is to. After the last chunk, and after a refusal, Ready.
              A chunk that may not come is read all the same, answered 503, and changes nothing.
            - **Closed**: nothing is read any more.

            After the 354 of DATA message data comes, up to CRLF.CRLF, then 250 or a refusal, and Ready. After a 334 the next line is a
            response, whatever it says; then comes 334 again, or 235 or a refusal.

            AUTH is also 503 after a login, and STARTTLS within TLS. PASS is 503 unless the line
            before was EHLO with the name of an account, for a client that may register: then it is the password, as is a line
            that begins with no verb.

            """);
    }

    [Fact]
    public async Task The_POP3_states_are_documented()
    {
        var states = StateExamples.Pop3Ways.Keys;
        await StatePage.CompareAsync("pop3-states.md", $"""
            # The states of a POP3 session

            Printed from `Pop3CommandTable` and from what a session answers; a test compares. Each cell has the answer to a
            well-formed command and the state that follows, if it is another. A refused command changes nothing.

            {await StatePage.TableAsync(Pop3CommandTable.Standard, states, Pop3CellAsync)}

            The moves alone, from the table:

            {StatePage.Diagram(Pop3CommandTable.Standard, states, Pop3State.Closed)}

            Any other verb is answered -ERR in both states. PASS follows USER; without it, it is -ERR.

            - **Authorization**: the client has not said who it is. STLS begins it again, encrypted.
            - **Transaction**: the client holds its maildrop, and sees it as it was at login.
            - **Closed**: nothing is read any more. QUIT in Transaction leads here by way of RFC 1939's UPDATE: deletions and read
              marks are carried out, all or none, and the maildrop is free. A connection that ends in any other way deletes nothing.

            For a client that may register, USER alone opens an account without a password, and PASS after it is +OK.

            """);
    }

    private static async Task<string> SmtpCellAsync(string verb, SmtpState state)
    {
        var conversation = await StartAsync(Conversation.Smtp(startTls: StartTlsPolicy.Always), StateExamples.SmtpWays[state]);
        var code = (await conversation.SayAsync(StateExamples.SmtpLines[verb]))[..3];
        var next = ((SmtpSession)conversation.Session).State;
        var row = SmtpCommandTable.Standard.Find(verb, state);
        Assert.Equal(row is null || verb == "PASS", code == "503");
        if (row is null)
        {
            Assert.Equal(state, next);
            return code;
        }

        // What comes after 354 leads on from there.
        var leads = code == "354" ? row.Completed!.Value : next;
        Assert.Equal(row.Completed is { } completed && code[0] is '2' or '3' && verb != "AUTH" ? row.Completed.Value : state, leads);
        return leads == state ? code : $"{code} → {leads}";
    }

    private static async Task<string> Pop3CellAsync(string verb, Pop3State state)
    {
        var way = verb == "PASS" && state == Pop3State.Authorization ? [StateExamples.Pop3Lines["USER"]] : StateExamples.Pop3Ways[state];
        var conversation = await StartAsync(Conversation.Pop3(startTls: StartTlsPolicy.Always), way);
        var word = (await conversation.SayAsync(StateExamples.Pop3Lines[verb])).Split(' ')[0];
        var next = ((Pop3Session)conversation.Session).State;
        Assert.True(Pop3CommandTable.Standard.Find(verb, state) is not null || (word == "-ERR" && next == state));
        return next == state ? word : $"{word} → {next}";
    }

    private static async Task<Conversation> StartAsync(Conversation conversation, string[] way)
    {
        await conversation.AddAccountAsync(StateExamples.User, StateExamples.Password);
        var account = await conversation.Store.FindAsync(AccountName.TryParse(StateExamples.User)!, CancellationToken.None);
        await using var writer = conversation.Store.Begin(new Envelope(null, [account!], DateTimeOffset.UnixEpoch));
        writer.Write("Subject: one\r\n\r\n"u8);
        await writer.CommitAsync(CancellationToken.None);
        await conversation.SayAsync(way);
        return conversation;
    }
}
