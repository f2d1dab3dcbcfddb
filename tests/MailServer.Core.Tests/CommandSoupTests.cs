using System.Text;
using MailServer.Core.Sessions;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>Random input: whatever a client sends, the sessions answer in well-formed lines and never throw.</summary>
public sealed class CommandSoupTests
{
    private const int LinesEach = 100_000;

    // Enough of a conversation that the soup reaches every state.
    private static readonly string[] SmtpPieces =
    [
        "HELO client.test", "EHLO client.test", "HELO alice", "EHLO bob", "EHLO new", "secret", "PASS secret", "MAIL FROM:<a@b.test>", "MAIL FROM:<>",
        "MAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME SMTPUTF8", "MAIL FROM:@ME", "MAIL FROM:<bob@localhost>", "RCPT TO:<bob>", "RCPT TO:<alice@localhost>",
        "RCPT TO:<x@evil.test>", "DATA", ".", "..", "Subject: x", "", "RSET", "NOOP", "VRFY b", "EXPN", "HELP", "HELP MAIL", "BDAT 3", "BDAT 0 LAST", "BDAT 5 LAST",
        "AUTH PLAIN", "AUTH LOGIN", "AUTH PLAIN AGJvYgBzZWNyZXQ=", "*", "AGJvYgBzZWNyZXQ=", "STARTTLS", "\u0001", "é", "\r", "\n", "MAIL", "RCPT TO:", "BODY", "x y z",
    ];

    private static readonly string[] Pop3Pieces =
    [
        "USER bob", "USER alice", "USER new", "USER", "PASS secret", "PASS", "AUTH", "AUTH PLAIN", "AUTH PLAIN AGJvYgBzZWNyZXQ=", "*", "CAPA", "STLS", "UTF8", "STAT", "LIST",
        "LIST 1", "LIST 0", "LIST -1", "LIST 99999999999999999999", "UIDL", "UIDL 1", "RETR", "RETR 1", "RETR U", "RETR 2147483648", "TOP 1 0", "TOP 1", "TOP 1 99999999999999999999",
        "DELE 1", "DELE x", "RSET", "NOOP", "HELP", "", ".", "\u0001", "é", "\r", "\n", "LAST", "x y z",
    ];

    [Fact]
    public Task Smtp_survives_a_soup_of_commands() => PlayAsync(() => Conversation.Smtp(), SmtpPieces, IsSmtp);

    [Fact]
    public Task Pop3_survives_a_soup_of_commands() => PlayAsync(() => Conversation.Pop3(), Pop3Pieces, IsPop3);

    private static async Task PlayAsync(Func<Conversation> start, string[] pieces, Func<string[], bool> isWellFormed)
    {
        var random = new Random(20260102);
        var lines = 0;
        while (lines < LinesEach)
        {
            var conversation = start();
            await conversation.AddAccountAsync("bob", "secret");
            await conversation.AddAccountAsync("alice", null);
            for (var i = 0; i < 60 && conversation.Session.Wants == SessionWants.Input; i++, lines++)
            {
                var sent = Mangle(pieces[random.Next(pieces.Length)], random);
                var answer = await conversation.SendAsync(sent);
                Assert.True(
                    answer.Length == 0 || (answer.EndsWith("\r\n", StringComparison.Ordinal) && isWellFormed(answer[..^2].Split("\r\n"))),
                    $"{Octets.Text(sent)} was answered {answer}");
            }

            await conversation.Session.DisposeAsync();
        }
    }

    // Mostly right lines, so that the soup gets somewhere; some cut, doubled, or hit by random octets.
    private static byte[] Mangle(string piece, Random random)
    {
        var octets = Encoding.UTF8.GetBytes(piece + "\r\n");
        switch (random.Next(12))
        {
            case 0:
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
                break;
            case 1:
                octets = octets[..random.Next(octets.Length)];
                break;
            case 2:
                octets = [.. octets, .. octets];
                break;
            case 3:
                octets = [.. octets, .. Encoding.UTF8.GetBytes(new string('a', random.Next(6_000)))];
                break;
        }

        return octets;
    }

    // Reply lines are a code, a hyphen or at the end a blank, and text.
    private static bool IsSmtp(string[] lines) =>
        lines.All(line => line.Length >= 4 && line[..3].All(char.IsAsciiDigit) && line[3] is ' ' or '-' && !line.Any(char.IsControl)) && lines[^1][3] == ' ';

    // Behind the first line there may be the lines of a message, which ends with a dot.
    private static bool IsPop3(string[] lines) =>
        lines[0].Split(' ')[0] is "+OK" or "-ERR" or "+" && !lines[0].Any(char.IsControl)
        && (lines[^1] == "." || lines[^1].Split(' ')[0] is "+OK" or "-ERR" or "+");
}
