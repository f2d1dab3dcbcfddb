using System.Text;

namespace MailServer.Interop.Tests;

public class PythonTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "python3";

    private const string Send = """
        import smtplib, sys
        mode, port, certificate, user, password, sender, recipient = sys.argv[1:]
        if mode in ('starttls', 'smtps'):
            import ssl # Not every Python is built with it.
            trust = ssl.create_default_context(cafile=certificate)
        if mode == 'smtps':
            smtp = smtplib.SMTP_SSL('localhost', int(port), context=trust)
        else:
            smtp = smtplib.SMTP('localhost', int(port))
        if mode == 'starttls':
            smtp.starttls(context=trust)
        if user:
            smtp.login(user, password)
        options = ['SMTPUTF8', 'BODY=8BITMIME'] if mode == 'utf8' else []
        assert smtp.sendmail(sender, [recipient], sys.stdin.buffer.read(), options) == {}
        smtp.quit()
        """;

    private const string Fetch = """
        import poplib, sys
        mode, port, certificate, user, password = sys.argv[1:]
        if mode != 'pop3':
            import ssl
            trust = ssl.create_default_context(cafile=certificate)
        pop = poplib.POP3_SSL('localhost', int(port), context=trust) if mode == 'pop3s' else poplib.POP3('localhost', int(port))
        capabilities = pop.capa()
        assert capabilities['SASL'][0] == 'PLAIN' and 'UIDL' in capabilities and 'TOP' in capabilities
        assert ('STLS' in capabilities) == (mode != 'pop3s')
        if mode == 'stls':
            pop.stls(context=trust)
            assert 'STLS' not in pop.capa()
        pop.user(user)
        pop.pass_(password)
        count, total = pop.stat()
        rows = [row.split() for row in pop.list()[1]]
        assert count == 3 and sum(int(size) for _, size in rows) == total
        ids = [row.split()[1] for row in pop.uidl()[1]]
        assert len(set(ids)) == 3 and pop.uidl(2).split()[2] == ids[1]
        for number in (1, 2, 3):
            lines = pop.retr(number)[1]
            assert sum(len(line) + 2 for line in lines) == int(rows[number - 1][1])
            assert pop.top(number, 1000)[1] == lines
            empty = lines.index(b'')
            assert pop.top(number, 0)[1] == lines[:empty + 1]
            assert pop.top(number, 2)[1] == lines[:empty + 3]
        pop.dele(1)
        pop.rset()
        pop.dele(2)
        sys.stdout.buffer.write(b''.join(line + b'\r\n' for line in pop.retr(3)[1]))
        pop.quit()
        """;

    [NeedsFact(Program)]
    public Task Sends_with_smtplib() => SendAsync("smtp", "ESMTP");

    [NeedsTheory("python3 with TLS")]
    [InlineData("starttls", "ESMTPS")]
    [InlineData("smtps", "ESMTPS")]
    public Task Sends_with_smtplib_over_TLS(string mode, string protocol) => SendAsync(mode, protocol);

    private async Task SendAsync(string mode, string protocol)
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(mode, null, RunningServer.Sender, bob.Address, Letters.WithLongLines())).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), protocol);
    }

    [NeedsFact(Program)]
    public Task Logs_in_with_smtplib_and_sends_in_its_own_name() => LogInAndSendAsync("smtp", "ESMTPA");

    [NeedsTheory("python3 with TLS")]
    [InlineData("starttls", "ESMTPSA")]
    [InlineData("smtps", "ESMTPSA")]
    public Task Logs_in_with_smtplib_over_TLS_and_sends_in_its_own_name(string mode, string protocol) => LogInAndSendAsync(mode, protocol);

    private async Task LogInAndSendAsync(string mode, string protocol)
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(mode, bob, bob.Address, bob.Address, Letters.WithLongLines())).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), protocol);
    }

    [NeedsFact(Program)]
    public async Task Sends_between_addresses_that_are_not_ASCII()
    {
        var joerg = await server.AddAccountAsync("jörg");
        (await SendAsync("utf8", null, "grüße@exämple.org", joerg.Address, Letters.Plain("Grüße 漢字"))).MustSucceed();
        var stored = await server.ReadOnlyMessageAsync(joerg);
        Letters.MustBe(Letters.Plain("Grüße 漢字"), stored, "UTF8SMTP");
        Assert.StartsWith("Return-Path: <grüße@exämple.org>\r\n", Encoding.UTF8.GetString(stored), StringComparison.Ordinal);
    }

    [NeedsFact(Program)]
    public async Task Is_refused_with_a_wrong_password()
    {
        var bob = await server.AddAccountAsync();
        var wrong = bob with { Password = "wrong" };
        (await SendAsync("smtp", wrong, bob.Address, bob.Address, Letters.Plain())).MustFail().MustSay("SMTPAuthenticationError: (535");
        (await server.RunAsync(Program, "-c", Fetch, "pop3", $"{server.Pop3}", server.Certificate, wrong.Name, wrong.Password))
            .MustFail().MustSay("-ERR [AUTH]");
    }

    [NeedsFact(Program)]
    public Task Fetches_with_poplib() => FetchThirdOfThreeAsync("pop3");

    [NeedsTheory("python3 with TLS")]
    [InlineData("stls")]
    [InlineData("pop3s")]
    public Task Fetches_with_poplib_over_TLS(string mode) => FetchThirdOfThreeAsync(mode);

    private async Task FetchThirdOfThreeAsync(string mode)
    {
        var bob = await server.AddAccountAsync();
        foreach (var subject in new[] { "One", "Two", "Three" })
            await server.DeliverAsync(bob, Letters.Plain(subject));
        var before = await server.ReadMailboxAsync(bob);
        var port = mode == "pop3s" ? server.Pop3s : server.Pop3;
        var outcome = (await server.RunAsync(Program, "-c", Fetch, mode, $"{port}", server.Certificate, bob.Name, bob.Password)).MustSucceed();
        Letters.MustEqual(before[2], outcome.Output);
        Assert.Equal([before[0], before[2]], await server.ReadMailboxAsync(bob));
    }

    private Task<Outcome> SendAsync(string mode, TestAccount? login, string from, string to, byte[] message) =>
        server.RunAsync(Program, ["-c", Send, mode, $"{(mode == "smtps" ? server.Smtps : server.Smtp)}", server.Certificate,
            login?.Name ?? "", login?.Password ?? "", from, to], message);
}
