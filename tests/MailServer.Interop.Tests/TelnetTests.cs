using System.Text;

namespace MailServer.Interop.Tests;

/// <summary>A person at telnet, who types when the server has answered.</summary>
public class TelnetTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "telnet";

    // Every line says what has to come, and what is typed then.
    private static readonly string Person = $$"""
        set timeout {{HangGuard.Seconds}}
        log_user 1
        spawn -noecho telnet [lindex $argv 0] [lindex $argv 1]
        foreach {answer line} [lrange $argv 2 end] {
            expect {
                -ex $answer {}
                timeout { puts "\nnot heard: $answer"; exit 1 }
                eof { puts "\nclosed before: $answer"; exit 1 }
            }
            if {$line eq "END"} { expect eof; exit 0 }
            send -- "$line\r"
        }
        exit 1
        """;

    [NeedsFact(Program)]
    public async Task The_classic_conversation()
    {
        await TalkAsync(server.Smtp,
            "220 mail.test ESMTP Service Ready", "HELO alice",
            "250 mail.test Hello alice", "MAIL FROM: @ME",
            "250 2.1.0 ", "RCPT TO: nobody",
            "550 5.1.1 No such user", "RCPT TO: alice",
            "250 2.1.5 ", "DATA",
            "354 Start mail input; end with <CRLF>.<CRLF>", "Subject: Hello\r\r.. dots and Grüße\r.",
            "250 2.0.0 ", "QUIT",
            "221 2.0.0 mail.test Service closing transmission channel", "END");
        var outcome = await TalkAsync(server.Pop3,
            "+OK mail.test POP3 server ready", "USER alice",
            "+OK ", "LIST",
            "+OK 1 message", "RETR 1",
            "+OK ", "DELE 1",
            "+OK ", "QUIT",
            "+OK mail.test POP3 server signing off", "END");
        outcome.MustSay("Return-Path: <alice@mail.test>\r\n").MustSay("Subject: Hello\r\n\r\n.. dots and "
            + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("Grüße")) + "\r\n.\r\n");
    }

    [NeedsFact(Program)]
    public async Task An_account_is_protected_with_a_password_and_logs_in()
    {
        await TalkAsync(server.Smtp,
            "220 ", "EHLO walter",
            "250 HELP", "open sesame",
            "235 ", "MAIL FROM:<walter@mail.test>",
            "250 2.1.0 ", "RCPT TO:<walter>",
            "250 2.1.5 ", "RSET",
            "250 2.0.0 ", "QUIT",
            "221 ", "END");
        await TalkAsync(server.Pop3,
            "+OK ", "USER walter",
            "+OK ", "PASS open sesame",
            "+OK ", "STAT",
            "+OK 0 0", "QUIT",
            "+OK ", "END");
    }

    [NeedsFact(Program)]
    public async Task A_slip_of_the_pen_is_explained_and_can_be_made_good()
    {
        await TalkAsync(server.Smtp,
            "220 ", "HALO otto",
            "500 5.5.", "HELO otto",
            "250 ", "RCPT TO: otto",
            "503 5.5.1 ", "HELP",
            "214", "QUIT",
            "221 ", "END");
    }

    private async Task<Outcome> TalkAsync(int port, params string[] answersAndLines)
    {
        var folder = server.AddFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "person"), Person);
        return (await server.RunAsync("expect", ["-f", "person", RunningServer.Address, $"{port}", .. answersAndLines], [], folder)).MustSucceed();
    }
}
