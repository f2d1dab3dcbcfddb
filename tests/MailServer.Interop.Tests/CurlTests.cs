using System.Text;

namespace MailServer.Interop.Tests;

public class CurlTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "curl";

    [NeedsFact(Program)]
    public async Task Sends_a_message()
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync($"smtp://127.0.0.1:{server.Smtp}", bob, Letters.WithLongLines())).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), "ESMTP");
    }

    [NeedsFact(Program)]
    public async Task Sends_a_message_over_STARTTLS_and_trusts_the_servers_own_certificate()
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync($"smtp://localhost:{server.Smtp}", bob, Letters.Plain(), "--ssl-reqd", "--cacert", server.Certificate)).MustSucceed();
        Letters.MustBe(Letters.Plain(), await server.ReadOnlyMessageAsync(bob), "ESMTPS");
    }

    [NeedsFact(Program)]
    public async Task Sends_a_message_over_TLS_from_the_first_octet()
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync($"smtps://127.0.0.1:{server.Smtps}", bob, Letters.Plain(), "--cacert", server.Certificate)).MustSucceed();
        Letters.MustBe(Letters.Plain(), await server.ReadOnlyMessageAsync(bob), "ESMTPS");
    }

    [NeedsTheory(Program)]
    [InlineData("AUTH=PLAIN")]
    [InlineData("AUTH=LOGIN")]
    public async Task Logs_in_and_sends_in_its_own_name(string mechanism)
    {
        var bob = await server.AddAccountAsync();
        (await server.RunAsync(Program, ["-sv", $"smtp://127.0.0.1:{server.Smtp}", "-u", $"{bob.Name}:{bob.Password}", "--login-options", mechanism,
            "--mail-from", bob.Address, "--mail-rcpt", bob.Address, "-T", "-"], Letters.Plain())).MustSucceed();
        Letters.MustBe(Letters.Plain(), await server.ReadOnlyMessageAsync(bob), "ESMTPA");
    }

    [NeedsFact(Program)]
    public async Task Is_refused_with_a_wrong_password()
    {
        var bob = await server.AddAccountAsync();
        var smtp = server.RunAsync(Program, ["-sv", $"smtp://127.0.0.1:{server.Smtp}", "-u", $"{bob.Name}:wrong",
            "--mail-from", bob.Address, "--mail-rcpt", bob.Address, "-T", "-"], Letters.Plain());
        var pop3 = server.RunAsync(Program, "-sv", $"pop3://127.0.0.1:{server.Pop3}/", "-u", $"{bob.Name}:wrong");
        Assert.Equal(67, (await smtp).ExitCode);
        Assert.Equal(67, (await pop3).ExitCode);
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsTheory(Program)]
    [InlineData("pop3", false)]
    [InlineData("pop3", true)]
    [InlineData("pop3s", true)]
    public async Task Fetches_a_message(string scheme, bool isEncrypted)
    {
        var bob = await server.AddAccountAsync();
        await server.DeliverAsync(bob, Letters.WithLongLines());
        var port = scheme == "pop3s" ? server.Pop3s : server.Pop3;
        string[] tls = isEncrypted ? ["--ssl-reqd", "--cacert", server.Certificate] : [];
        var outcome = (await server.RunAsync(Program, ["-sv", $"{scheme}://127.0.0.1:{port}/1", "-u", $"{bob.Name}:{bob.Password}", .. tls])).MustSucceed();
        Letters.MustEqual(await server.ReadOnlyMessageAsync(bob), outcome.Output);
    }

    [NeedsFact(Program)]
    public async Task Lists_sizes_and_unique_ids()
    {
        var bob = await server.AddAccountAsync();
        await server.DeliverAsync(bob, Letters.Plain());
        await server.DeliverAsync(bob, Letters.WithLongLines());
        var sizes = (await server.ReadMailboxAsync(bob)).Select((message, index) => $"{index + 1} {message.Length}\r\n");
        Assert.Equal(string.Concat(sizes), (await AskAsync(bob, "LIST")).Text);
        var ids = (await AskAsync(bob, "UIDL")).Text;
        Assert.Matches(@"\A1 [!-~]{1,70}\r\n2 [!-~]{1,70}\r\n\z", ids);
        Assert.Equal(ids, (await AskAsync(bob, "UIDL")).Text);
    }

    [NeedsFact(Program)]
    public async Task Carries_10_MB_both_ways_without_losing_an_octet()
    {
        var bob = await server.AddAccountAsync();
        var message = Letters.Large(10_000_000);
        (await SendAsync($"smtp://127.0.0.1:{server.Smtp}", bob, message)).MustSucceed();
        var outcome = (await server.RunAsync(Program, "-s", $"pop3://127.0.0.1:{server.Pop3}/1", "-u", $"{bob.Name}:{bob.Password}")).MustSucceed();
        Letters.MustBe(message, outcome.Output, "ESMTP");
    }

    [NeedsFact(Program)]
    public async Task Deletes_a_message_by_a_command_of_its_user()
    {
        var bob = await server.AddAccountAsync();
        await server.DeliverAsync(bob, Letters.Plain());
        (await server.RunAsync(Program, "-sv", "-l", $"pop3://127.0.0.1:{server.Pop3}/1", "-u", $"{bob.Name}:{bob.Password}", "-X", "DELE")).MustSucceed();
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Tells_its_user_that_a_recipient_is_unknown()
    {
        var outcome = await SendAsync($"smtp://127.0.0.1:{server.Smtp}", new("nobody"), Encoding.ASCII.GetBytes("Subject: lost\r\n\r\n"));
        outcome.MustFail().MustSay("550 5.1.1");
    }

    private Task<Outcome> SendAsync(string url, TestAccount to, byte[] message, params string[] options) =>
        server.RunAsync(Program, ["-sv", url, "--mail-from", RunningServer.Sender, "--mail-rcpt", to.Address, "-T", "-", .. options], message);

    private async Task<Outcome> AskAsync(TestAccount account, string command) =>
        (await server.RunAsync(Program, "-sv", $"pop3://127.0.0.1:{server.Pop3}/", "-u", $"{account.Name}:{account.Password}", "-X", command)).MustSucceed();
}
