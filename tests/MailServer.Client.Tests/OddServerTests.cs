using MailClient;
using MailClient.Net;

namespace MailServer.Client.Tests;

/// <summary>Servers that are old, broken or hostile.</summary>
public sealed class OddServerTests
{
    private static readonly CertificateTrust NoTrust = new(new KnownServers(Path.Combine(Path.GetTempPath(), "mailclient-none")), [], ask: null);

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "does not answer as SMTP does")]
    [InlineData("554 go away\r\n", "554 go away")]
    [InlineData("220 x\r\n500 what\r\n500 what\r\n", "does not return the greeting")]
    [InlineData("220 x\r\n250-half\r\n", "has closed the connection")]
    [InlineData("", "has closed the connection without a greeting; where TLS begins with the first octet, as on ports 465 and 995, say --tls")]
    [InlineData("220 x\r\n25\r\n", "does not answer as SMTP does")]
    [InlineData("220 x\r\n250-x\r\n250 STARTTLS\r\n454 no\r\n", "offers TLS and refuses it")]
    [InlineData("220 x\r\n250-x\r\n250 STARTTLS\r\n220 go\r\n250 injected\r\n", "sent more than it may before TLS")]
    [InlineData("220 \x1B[31mx\r\n\x1B[2J\r\n", "does not answer as SMTP does: [2J")]
    public async Task An_smtp_server_that_does_not_behave_is_refused_in_plain_words(string answers, string words)
    {
        await using var stream = new ScriptedStream(answers);
        var fault = await Assert.ThrowsAsync<ClientFault>(() => SmtpDialogue.OpenAsync(stream.Connect(), NoTrust));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(fault.Message, char.IsControl);
    }

    [Theory]
    [InlineData("hello\r\n", "does not greet")]
    [InlineData("", "has closed the connection without a greeting; where TLS begins with the first octet")]
    [InlineData("+OK\r\n+OK\r\nSTLS\r\n.\r\n+OK go\r\n+OK injected\r\n", "sent more than it may before TLS")]
    [InlineData("+OK\r\n+OK\r\nSTLS\r\n.\r\n-ERR no\r\n", "the server refuses")]
    public async Task A_pop3_server_that_does_not_behave_is_refused_in_plain_words(string answers, string words)
    {
        await using var stream = new ScriptedStream(answers);
        var fault = await Assert.ThrowsAsync<ClientFault>(() => Pop3Dialogue.OpenAsync(stream.Connect(), NoTrust));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_is_not_kept()
    {
        await using var stream = new ScriptedStream("220 " + new string('x', 5_000_000));
        await Assert.ThrowsAsync<ClientFault>(() => SmtpDialogue.OpenAsync(stream.Connect(), NoTrust));
    }

    [Fact]
    public async Task An_answer_of_lines_without_end_is_not_kept()
    {
        await using var stream = new ScriptedStream("220 x\r\n" + string.Concat(Enumerable.Repeat("250-more\r\n", 100_000)));
        await Assert.ThrowsAsync<ClientFault>(() => SmtpDialogue.OpenAsync(stream.Connect(), NoTrust));
    }

    [Fact]
    public async Task A_server_of_before_1995_is_greeted_with_helo_and_its_mailbox_is_read_without_capa_uidl_and_top()
    {
        await using var smtp = new ScriptedStream("220 x\r\n502 EHLO?\r\n250 hello\r\n221 bye\r\n");
        await (await SmtpDialogue.OpenAsync(smtp.Connect(), NoTrust)).QuitAsync();
        Assert.Equal("EHLO [127.0.0.1]\r\nHELO [127.0.0.1]\r\nQUIT\r\n", smtp.Heard);

        await using var pop3 = new ScriptedStream("+OK\r\n-ERR\r\n+OK\r\n+OK\r\n+OK\r\n1 50\r\n.\r\n-ERR\r\n-ERR\r\n+OK\r\nSubject: old\r\n\r\n..x\r\n.\r\n");
        var dialogue = await Pop3Dialogue.OpenAsync(pop3.Connect(), NoTrust);
        await dialogue.LogInAsync(new Credentials("bob", "secret"));
        Assert.Equal(new MailboxEntry(1, 50, null), Assert.Single(await dialogue.ListAsync()));
        var header = "";
        await dialogue.ReadHeadersAsync([1], (_, octets) => header = System.Text.Encoding.ASCII.GetString(octets));
        Assert.Equal("Subject: old\r\n\r\n.x\r\n", header);
    }

    [Fact]
    public async Task Rows_of_a_classroom_server_are_read_and_messages_taken_by_top()
    {
        await using var stream = new ScriptedStream("+OK\r\n-ERR\r\n+OK\r\n1, a@b.c, Hello, world, 77\r\n.\r\n-ERR\r\n+OK\r\nwhole\r\n.\r\n");
        var dialogue = await Pop3Dialogue.OpenAsync(stream.Connect(), NoTrust);
        Assert.Equal(new MailboxEntry(1, 77, null), Assert.Single(await dialogue.ListAsync()));
        using var output = new MemoryStream();
        await dialogue.RetrieveAsync(1, output, progress: null);
        Assert.EndsWith("TOP 1 2147483647\r\n", stream.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_goes_by_auth_login_or_auth_plain_where_that_is_all_there_is()
    {
        await using var smtp = new ScriptedStream("220 x\r\n250-x\r\n250 AUTH LOGIN\r\n334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 ok\r\n");
        await (await SmtpDialogue.OpenAsync(smtp.Connect(), NoTrust)).LogInAsync(new Credentials("bob", "secret"));
        Assert.EndsWith("AUTH LOGIN\r\nYm9i\r\nc2VjcmV0\r\n", smtp.Heard, StringComparison.Ordinal);

        await using var pop3 = new ScriptedStream("+OK\r\n+OK\r\nSASL PLAIN\r\n.\r\n+OK\r\n");
        await (await Pop3Dialogue.OpenAsync(pop3.Connect(), NoTrust)).LogInAsync(new Credentials("bob", "secret"));
        Assert.EndsWith("AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n", pop3.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_password_goes_in_clear_to_another_machine_unless_the_user_insists()
    {
        const string Pop3 = "+OK\r\n-ERR\r\n+OK\r\n+OK\r\n";
        const string Smtp = "220 x\r\n250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n";
        var credentials = new Credentials("bob", "secret");
        var careful = new Connector(NoTrust, isTls: false, isInsecure: false);
        await using var pop3 = new ScriptedStream(Pop3);
        await using var smtp = new ScriptedStream(Smtp);

        var fault = await Assert.ThrowsAsync<ClientFault>(() => careful.OpenPop3Async(pop3.Connect(isLoopback: false), () => credentials));
        await Assert.ThrowsAsync<ClientFault>(() => careful.OpenSmtpAsync(smtp.Connect(isLoopback: false), () => credentials));

        Assert.Contains("--insecure", fault.Message, StringComparison.Ordinal);
        Assert.Equal("CAPA\r\n", pop3.Heard);
        Assert.DoesNotContain("AUTH", smtp.Heard, StringComparison.Ordinal);

        var insistent = new Connector(NoTrust, isTls: false, isInsecure: true);
        await using var far = new ScriptedStream(Pop3);
        await using var near = new ScriptedStream(Pop3);
        await insistent.OpenPop3Async(far.Connect(isLoopback: false), () => credentials);
        await careful.OpenPop3Async(near.Connect(isLoopback: true), () => credentials);
        Assert.EndsWith("PASS secret\r\n", far.Heard, StringComparison.Ordinal);
        Assert.Equal(far.Heard, near.Heard);
    }

    [Fact]
    public void What_would_be_a_second_command_is_no_user_and_no_password()
    {
        Assert.Throws<ClientFault>(() => new Credentials("bob\r\nDELE 1", "x"));
        Assert.Throws<ClientFault>(() => new Credentials("bob", "x\r\nDELE 1"));
    }

    [Fact]
    public async Task A_header_of_any_length_is_kept_in_part_only()
    {
        var header = string.Concat(Enumerable.Repeat("X: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", 100_000));
        await using var stream = new ScriptedStream("+OK\r\n-ERR\r\n+OK\r\n" + header + ".\r\n");
        var dialogue = await Pop3Dialogue.OpenAsync(stream.Connect(), NoTrust);
        var length = 0;
        await dialogue.ReadHeadersAsync([1], (_, octets) => length = octets.Length);
        Assert.InRange(length, 1, 128 * 1024);
    }
}
