using System.Globalization;
using System.Text;
using MailServer.Core.Pop3;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;

namespace MailServer.Transcripts;

/// <summary>
/// docs/smtp-states.md and docs/pop3-states.md say what the tables say and the sessions do. Run with UPDATE_DOCS=1 in the
/// environment, this test writes them.
/// </summary>
public sealed class StateTables
{
    private static readonly (SmtpState State, string[] Way)[] SmtpStates =
    [
        (SmtpState.Connected, []),
        (SmtpState.Ready, ["EHLO client.test"]),
        (SmtpState.Sender, ["EHLO client.test", "MAIL FROM:<alice@client.test>"]),
        (SmtpState.Recipients, ["EHLO client.test", "MAIL FROM:<alice@client.test>", "RCPT TO:<bob>"]),
        (SmtpState.Chunks, ["EHLO client.test", "MAIL FROM:<alice@client.test>", "RCPT TO:<bob>", "BDAT 0"]),
    ];

    private static readonly (Pop3State State, string[] Way)[] Pop3States =
    [
        (Pop3State.Authorization, []),
        (Pop3State.Transaction, ["USER bob", "PASS s3cret"]),
    ];

    [Fact]
    public async Task The_SMTP_states_are_documented()
    {
        var table = new StringBuilder("| verb | " + string.Join(" | ", SmtpStates.Select(column => column.State)) + " |\n");
        table.Append("| --- |").Append(string.Concat(SmtpStates.Select(_ => " --- |"))).Append('\n');
        foreach (var command in SmtpCommandTable.Standard.Commands)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {command.Verb} |");
            foreach (var (state, way) in SmtpStates)
                table.Append(CultureInfo.InvariantCulture, $" {await SmtpCellAsync(command.Verb, state, way)} |");
            table.Append('\n');
        }

        await CompareAsync("smtp-states.md", $"""
            # The states of an SMTP session

            Printed from `SmtpCommandTable` and from what a session answers; a test compares. Each cell has the answer to a
            well-formed command and the state that follows, if it is another. A refused command changes nothing.

            {table.ToString().TrimEnd()}

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
        var table = new StringBuilder("| verb | " + string.Join(" | ", Pop3States.Select(column => column.State)) + " |\n");
        table.Append("| --- |").Append(string.Concat(Pop3States.Select(_ => " --- |"))).Append('\n');
        foreach (var command in Pop3CommandTable.Standard.Commands)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {command.Verb} |");
            foreach (var (state, way) in Pop3States)
                table.Append(CultureInfo.InvariantCulture, $" {await Pop3CellAsync(command.Verb, state, way)} |");
            table.Append('\n');
        }

        await CompareAsync("pop3-states.md", $"""
            # The states of a POP3 session

            Printed from `Pop3CommandTable` and from what a session answers; a test compares. Each cell has the answer to a
            well-formed command and the state that follows, if it is another. A refused command changes nothing.

            {table.ToString().TrimEnd()}

            Any other verb is answered -ERR in both states. PASS follows USER; without it, it is -ERR.

            - **Authorization**: the client has not said who it is. STLS begins it again, encrypted.
            - **Transaction**: the client holds its maildrop, and sees it as it was at login.
            - **Closed**: nothing is read any more. QUIT in Transaction leads here by way of RFC 1939's UPDATE: deletions and read
              marks are carried out, all or none, and the maildrop is free. A connection that ends in any other way deletes nothing.

            For a client that may register, USER alone opens an account without a password, and PASS after it is +OK.

            """);
    }

    private static async Task<string> SmtpCellAsync(string verb, SmtpState state, string[] way)
    {
        var line = verb switch
        {
            "HELO" or "EHLO" => verb + " client.test",
            "MAIL" => "MAIL FROM:<alice@client.test>",
            "RCPT" => "RCPT TO:<bob>",
            "BDAT" => "BDAT 0 LAST",
            "AUTH" => "AUTH PLAIN",
            "VRFY" or "PASS" => verb + " bob",
            _ => verb,
        };
        var (answer, next) = await PlayAsync("Smtp/states.txt", way, line, session => ((SmtpSession)session).State);
        var code = answer[..3];
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

    private static async Task<string> Pop3CellAsync(string verb, Pop3State state, string[] way)
    {
        var line = verb switch
        {
            "USER" => "USER bob",
            "PASS" => "PASS s3cret",
            "AUTH" => "AUTH PLAIN AGJvYgBzM2NyZXQ=",
            "RETR" or "DELE" => verb + " 1",
            "TOP" => "TOP 1 0",
            _ => verb,
        };
        var said = verb == "PASS" && state == Pop3State.Authorization ? ["USER bob"] : way;
        var (answer, next) = await PlayAsync("Pop3/states.txt", said, line, session => ((Pop3Session)session).State);
        var word = answer.Split(' ')[0];
        Assert.True(Pop3CommandTable.Standard.Find(verb, state) is not null || (word == "-ERR" && next == state));
        return next == state ? word : $"{word} → {next}";
    }

    private static async Task<(string Answer, T State)> PlayAsync<T>(string file, string[] way, string line, Func<IProtocolSession, T> state)
    {
        var transcript = TranscriptParser.Parse(file, "# States.  RFC 5321\n@given account bob password s3cret\n@given message bob\n| Subject: one");
        await using var player = await DirectPlayer.StartAsync(transcript, Slicing.Whole);
        var client = (DirectClient)await player.ConnectAsync();
        await client.SendAsync(Octets.OfText(string.Concat(way.Select(said => said + "\r\n"))));
        var before = client.Unread.Length;
        await client.SendAsync(Octets.OfText(line + "\r\n"));
        return (Octets.ToLatin(client.Unread.AsSpan(before)), state(client.Session));
    }

    private static async Task CompareAsync(string file, string text)
    {
        var path = Repository.PathOf("docs", file);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(path, text);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }
}
