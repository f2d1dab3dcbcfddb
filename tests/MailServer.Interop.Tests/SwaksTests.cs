namespace MailServer.Interop.Tests;

public class SwaksTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "swaks";

    // swaks takes a lone dot at the end for the end of the text, so this one ends otherwise; it adds the last CRLF itself.
    private static readonly byte[] Letter = Letters.WithLongLines();

    [NeedsTheory(Program)]
    [InlineData("")]
    [InlineData("--pipeline")]
    public async Task Sends_a_message(string option)
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(bob, RunningServer.Sender, server.Smtp, Options(option))).MustSucceed();
        Letters.MustBe(Letter, await server.ReadOnlyMessageAsync(bob), "ESMTP");
    }

    [NeedsTheory(Program)]
    [InlineData("PLAIN", "", "ESMTPA")]
    [InlineData("LOGIN", "", "ESMTPA")]
    [InlineData("LOGIN", "--pipeline", "ESMTPA")]
    [InlineData("PLAIN", "--tls", "ESMTPSA")]
    [InlineData("LOGIN", "--tls --pipeline", "ESMTPSA")]
    public async Task Logs_in_and_sends_in_its_own_name(string mechanism, string options, string protocol)
    {
        var bob = await server.AddAccountAsync();
        string[] login = ["--auth", mechanism, "--auth-user", bob.Name, "--auth-password", bob.Password];
        (await SendAsync(bob, bob.Address, server.Smtp, [.. login, .. Options(options)])).MustSucceed();
        Letters.MustBe(Letter, await server.ReadOnlyMessageAsync(bob), protocol);
    }

    [NeedsFact(Program)]
    public async Task Verifies_the_certificate_and_sends_over_TLS()
    {
        var bob = await server.AddAccountAsync();
        string[] tls = ["--tls-verify", "--tls-ca-path", server.Certificate];
        (await SendAsync(bob, RunningServer.Sender, server.Smtp, ["--tls", .. tls])).MustSucceed();
        (await SendAsync(bob, RunningServer.Sender, server.Smtps, ["--tls-on-connect", .. tls])).MustSucceed();
        var messages = await server.ReadMailboxAsync(bob);
        Assert.Equal(2, messages.Count);
        Assert.All(messages, message => Letters.MustBe(Letter, message, "ESMTPS"));
    }

    [NeedsFact(Program)]
    public async Task Sends_a_file_of_any_octets_as_an_attachment()
    {
        var bob = await server.AddAccountAsync();
        var folder = server.AddFolder();
        var octets = Enumerable.Range(0, 100_000).Select(i => (byte)(i * i / 7)).ToArray();
        await File.WriteAllBytesAsync(Path.Combine(folder, "octets.bin"), octets);
        (await server.RunAsync(Program, ["--server", RunningServer.Address, "--port", $"{server.Smtp}", "--timeout", $"{HangGuard.Seconds}", "--from", RunningServer.Sender,
            "--to", bob.Address, "--attach-type", "application/octet-stream", "--attach", "@octets.bin"], [], folder)).MustSucceed();

        var stored = System.Text.Encoding.Latin1.GetString(await server.ReadOnlyMessageAsync(bob));
        var part = stored[stored.IndexOf("application/octet-stream", StringComparison.Ordinal)..];
        var base64 = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..part.IndexOf("\r\n--", StringComparison.Ordinal)];
        Letters.MustEqual(octets, Convert.FromBase64String(base64));
    }

    [NeedsTheory(Program)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Is_refused_with_a_wrong_password(string mechanism)
    {
        var bob = await server.AddAccountAsync();
        var outcome = await SendAsync(bob, bob.Address, server.Smtp, ["--auth", mechanism, "--auth-user", bob.Name, "--auth-password", "wrong"]);
        outcome.MustFail().MustSay("535 5.7.8");
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Reaches_those_recipients_that_exist()
    {
        var (bob, eve) = (await server.AddAccountAsync(), await server.AddAccountAsync());
        var to = new TestAccount($"{bob.Name}@{RunningServer.Domain},nobody@{RunningServer.Domain},{eve.Name}");
        (await SendAsync(to, RunningServer.Sender, server.Smtp, ["--pipeline"])).MustSay("550 5.1.1");
        Letters.MustBe(Letter, await server.ReadOnlyMessageAsync(bob), "ESMTP");
        Letters.MustBe(Letter, await server.ReadOnlyMessageAsync(eve), "ESMTP");
    }

    private static string[] Options(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private Task<Outcome> SendAsync(TestAccount to, string from, int port, string[] options) =>
        server.RunAsync(Program, ["--server", RunningServer.Address, "--port", $"{port}", "--timeout", $"{HangGuard.Seconds}", "--ehlo", "client.test",
            "--from", from, "--to", to.Address, "--data", "-", .. options], Letter[..^2]);
}
