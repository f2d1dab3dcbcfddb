using System.Globalization;
using System.Text;
using MailKit.Net.Pop3;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace MailServer.Interop.Tests;

/// <summary>
/// Programs as somebody writes them in the first five minutes, without a word about certificates, against a server on this machine
/// that was started without an option: mail goes through at the first try, with a login and without.
/// </summary>
public class DefaultClientTests(DefaultServer server) : IClassFixture<DefaultServer>
{
    private const string NodemailerScript = """
        const [port, user, pass, from, to] = process.argv.slice(1);
        const chunks = [];
        process.stdin.on('data', chunk => chunks.push(chunk)).on('end', async () => {
            const transport = require('nodemailer').createTransport({ host: '127.0.0.1', port: Number(port), ...(user && { auth: { user, pass } }) });
            await transport.sendMail({ envelope: { from, to }, raw: Buffer.concat(chunks) });
        });
        """;

    private const string GoProgram = """
        package main

        import (
            "io"
            "log"
            "net/smtp"
            "os"
        )

        func main() {
            text, err := io.ReadAll(os.Stdin)
            if err != nil {
                log.Fatal(err)
            }
            var auth smtp.Auth
            if os.Args[2] != "" {
                auth = smtp.PlainAuth("", os.Args[2], os.Args[3], "127.0.0.1")
            }
            if err := smtp.SendMail("127.0.0.1:"+os.Args[1], auth, os.Args[4], []string{os.Args[5]}, text); err != nil {
                log.Fatal(err)
            }
        }
        """;

    private const string RubyScript = """
        require 'net/smtp'
        port, user, password, from, to = ARGV
        login = user.empty? ? {} : { user: user, secret: password }
        Net::SMTP.start('127.0.0.1', port.to_i, **login) { |smtp| smtp.send_message($stdin.binmode.read, from, to) }
        """;

    private const string PythonScript = """
        import smtplib, sys
        port, user, password, sender, recipient = sys.argv[1:]
        with smtplib.SMTP('127.0.0.1', int(port)) as smtp:
            if user:
                smtp.login(user, password)
            smtp.sendmail(sender, recipient, sys.stdin.buffer.read())
        """;

    public static TheoryData<SecureSocketOptions, bool> MailKitRows => new()
    {
        { SecureSocketOptions.Auto, false },
        { SecureSocketOptions.Auto, true },
        { SecureSocketOptions.StartTlsWhenAvailable, false },
        { SecureSocketOptions.StartTlsWhenAvailable, true },
    };

    [NeedsTheory("nodemailer")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Nodemailer_sends(bool isLoggedIn) => SendAsync("node", ["-e", NodemailerScript], isLoggedIn);

    [NeedsTheory("go")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Net_smtp_of_Go_sends(bool isLoggedIn)
    {
        var folder = server.AddFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "main.go"), GoProgram);

        // It asks for every extension that it is offered, SMTPUTF8 too.
        await SendAsync("go", ["run", "main.go"], isLoggedIn, folder, protocol: "UTF8SMTP");
    }

    [NeedsTheory("ruby")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Net_SMTP_of_Ruby_sends(bool isLoggedIn) => SendAsync("ruby", ["-e", RubyScript], isLoggedIn);

    [NeedsTheory("python3")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Smtplib_of_Python_sends(bool isLoggedIn) => SendAsync("python3", ["-c", PythonScript], isLoggedIn);

    [NeedsTheory("curl")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Curl_sends(bool isLoggedIn)
    {
        var bob = await server.AddAccountAsync();
        string[] login = isLoggedIn ? ["--user", $"{bob.Name}:{bob.Password}"] : [];
        (await server.RunAsync("curl", ["-sv", $"smtp://127.0.0.1:{server.Smtp}", "--mail-from", From(bob, isLoggedIn), "--mail-rcpt", To(bob), "-T", "-", .. login], Letters.Plain()))
            .MustSucceed();
        await MustHaveComeAsync(bob, isLoggedIn);
    }

    [NeedsTheory("swaks")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Swaks_sends(bool isLoggedIn)
    {
        var bob = await server.AddAccountAsync();
        string[] login = isLoggedIn ? ["--auth-user", bob.Name, "--auth-password", bob.Password] : [];

        // swaks adds the last CRLF itself, and takes a lone dot at the end for the end of the text.
        (await server.RunAsync("swaks", ["--server", "127.0.0.1", "--port", $"{server.Smtp}", "--timeout", $"{HangGuard.Seconds}", "--from", From(bob, isLoggedIn), "--to", To(bob), "--data", "-", .. login],
            Letters.WithLongLines()[..^2])).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), isLoggedIn ? "ESMTPA" : "ESMTP");
    }

    [Theory]
    [MemberData(nameof(MailKitRows))]
    public async Task MailKit_sends(SecureSocketOptions options, bool isLoggedIn)
    {
        var bob = await server.AddAccountAsync();
        using var message = new MimeMessage(
            [new MailboxAddress("Carol", RunningServer.Sender)], [MailboxAddress.Parse(To(bob))], "Grüße", new TextPart("plain") { Text = ".\r\n..two dots\r\nGrüße\r\n" });
        using var smtp = new SmtpClient { Timeout = 1000 * HangGuard.Seconds };
        await smtp.ConnectAsync(RunningServer.Address, server.Smtp, options);
        if (isLoggedIn)
            await smtp.AuthenticateAsync(bob.Name, bob.Password);
        await smtp.SendAsync(message, MailboxAddress.Parse(From(bob, isLoggedIn)), [MailboxAddress.Parse(To(bob))]);
        await smtp.DisconnectAsync(quit: true);

        var stored = await server.ReadOnlyMessageAsync(bob);
        Assert.Contains($" with {(isLoggedIn ? "ESMTPA" : "ESMTP")} id ", Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
        using var read = await MimeMessage.LoadAsync(new MemoryStream(stored));
        Assert.Equal(("Grüße", ".\r\n..two dots\r\nGrüße\r\n"), (read.Subject, read.TextBody!.ReplaceLineEndings("\r\n")));
    }

    // Release 6.4 insists on TLS, offered or not, and on a certificate that it knows, unless sslproto is empty.
    [NeedsTheory("fetchmail")]
    [InlineData("sslcertfile \"{0}\"")]
    [InlineData("sslproto ''")]
    public async Task Fetchmail_fetches(string options)
    {
        var (bob, folder) = (await server.AddAccountAsync(), server.AddFolder());
        await server.DeliverAsync(bob, Letters.Plain());
        var file = Path.Combine(folder, "rc");
        await ClientProcess.WriteSettingsAsync(file, $"""
            set idfile "{folder}/ids"
            set pidfile "{folder}/pid"
            poll localhost protocol pop3 port {server.Pop3}
            user "{bob.Name}" password "{bob.Password}" is me here
            mda "cat > mail" {string.Format(CultureInfo.InvariantCulture, options, server.Certificate)}

            """);
        (await server.RunAsync("fetchmail", ["-v", "--nosyslog", "--nodetach", "-f", file], [], folder)).MustSucceed();
        Assert.True((await File.ReadAllBytesAsync(Path.Combine(folder, "mail"))).AsSpan().IndexOf("Subject: "u8) >= 0);
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [Theory]
    [InlineData(SecureSocketOptions.Auto)]
    [InlineData(SecureSocketOptions.StartTlsWhenAvailable)]
    public async Task MailKit_fetches(SecureSocketOptions options)
    {
        var bob = await server.AddAccountAsync();
        await server.DeliverAsync(bob, Letters.Plain());
        using var pop3 = new Pop3Client { Timeout = 1000 * HangGuard.Seconds };
        await pop3.ConnectAsync(RunningServer.Address, server.Pop3, options);
        await pop3.AuthenticateAsync(bob.Name, bob.Password);
        using var octets = new MemoryStream();
        await (await pop3.GetStreamAsync(0)).CopyToAsync(octets);
        await pop3.DisconnectAsync(quit: true);
        Letters.MustBe(Letters.Plain(), octets.ToArray(), "ESMTP");
    }

    private static string To(TestAccount account) => $"{account.Name}@{DefaultServer.LocalDomain}";

    private static string From(TestAccount account, bool isLoggedIn) => isLoggedIn ? To(account) : RunningServer.Sender;

    private async Task SendAsync(string program, string[] arguments, bool isLoggedIn, string? folder = null, string protocol = "ESMTP")
    {
        var bob = await server.AddAccountAsync();
        string[] login = isLoggedIn ? [bob.Name, bob.Password] : ["", ""];
        (await server.RunAsync(program, [.. arguments, $"{server.Smtp}", .. login, From(bob, isLoggedIn), To(bob)], Letters.Plain(), folder)).MustSucceed();
        await MustHaveComeAsync(bob, isLoggedIn, protocol);
    }

    private async Task MustHaveComeAsync(TestAccount account, bool isLoggedIn, string protocol = "ESMTP") =>
        Letters.MustBe(Letters.Plain(), await server.ReadOnlyMessageAsync(account), isLoggedIn ? protocol + "A" : protocol);
}
