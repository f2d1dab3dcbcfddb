namespace MailServer.Interop.Tests;

public class FetchmailTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "fetchmail";
    private const int NoMail = 1;

    [NeedsTheory(Program)]
    [InlineData("", "")]
    [InlineData("uidl", "")]
    [InlineData("", "fetchall")]
    public async Task Fetches_and_keeps(string serverOption, string userOption)
    {
        var (bob, folder) = (await server.AddAccountAsync(), server.AddFolder());
        await server.DeliverAsync(bob, Letters.Plain());
        var before = await server.ReadMailboxAsync(bob);
        (await FetchAsync(bob, folder, server.Pop3, serverOption, $"{userOption} keep")).MustSucceed();
        MustHave(folder, Letters.Plain());
        Assert.Equal(before, await server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Fetches_only_what_is_new_when_it_knows_the_unique_ids()
    {
        var (bob, folder) = (await server.AddAccountAsync(), server.AddFolder());
        var letters = Enumerable.Range(0, 20).Select(i => Letters.Plain($"Letter {i:00}")).ToArray();
        foreach (var letter in letters[..15])
            await server.DeliverAsync(bob, letter);
        (await FetchAsync(bob, folder, server.Pop3, "uidl", "keep")).MustSucceed();
        MustHave(folder, letters[..15]);
        Assert.Equal(NoMail, (await FetchAsync(bob, folder, server.Pop3, "uidl", "keep")).ExitCode);

        foreach (var letter in letters[15..])
            await server.DeliverAsync(bob, letter);
        (await FetchAsync(bob, folder, server.Pop3, "uidl", "keep fastuidl 4")).MustSucceed();
        MustHave(folder, letters);
        Assert.Equal(20, (await server.ReadMailboxAsync(bob)).Count);
    }

    [NeedsFact(Program)]
    public async Task Fetches_and_deletes()
    {
        var (bob, folder) = (await server.AddAccountAsync(), server.AddFolder());
        byte[][] letters = [Letters.Plain("One"), Letters.Plain("Two"), Letters.Plain("Three")];
        foreach (var letter in letters)
            await server.DeliverAsync(bob, letter);
        (await FetchAsync(bob, folder, server.Pop3, "", "no keep expunge 1")).MustSucceed();
        MustHave(folder, letters);
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Flushes_what_it_has_fetched_before()
    {
        var (bob, folder) = (await server.AddAccountAsync(), server.AddFolder());
        await server.DeliverAsync(bob, Letters.Plain("Old"));
        (await FetchAsync(bob, folder, server.Pop3, "uidl", "keep")).MustSucceed();
        await server.DeliverAsync(bob, Letters.Plain("New"));
        (await FetchAsync(bob, folder, server.Pop3, "uidl", "keep flush")).MustSucceed();
        MustHave(folder, Letters.Plain("Old"), Letters.Plain("New"));
        Letters.MustBe(Letters.Plain("New"), await server.ReadOnlyMessageAsync(bob), "ESMTP");
    }

    [NeedsTheory(Program)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetches_over_TLS_and_checks_the_certificate(bool isEncryptedAtOnce)
    {
        var (bob, folder) = (await server.AddAccountAsync(), server.AddFolder());
        await server.DeliverAsync(bob, Letters.Plain());
        (await FetchAsync(bob, folder, isEncryptedAtOnce ? server.Pop3s : server.Pop3,
            "", (isEncryptedAtOnce ? "ssl" : "sslproto 'auto'") + " sslcertck")).MustSucceed().MustSay("SSL/TLS");
        MustHave(folder, Letters.Plain());
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Knows_a_wrong_password_from_a_busy_mailbox()
    {
        var (bob, folder) = (await server.AddAccountAsync(), server.AddFolder());
        const int WrongPassword = 3;
        Assert.Equal(WrongPassword, (await FetchAsync(bob with { Password = "wrong" }, folder, server.Pop3)).ExitCode);

        using var pop3 = await server.LogInAsync(bob);
        const int LockBusy = 9;
        Assert.Equal(LockBusy, (await FetchAsync(bob, folder, server.Pop3)).ExitCode);
    }

    // fetchmail gives line feeds, and what it adds stands above our own header.
    private static void MustHave(string folder, params byte[][] letters)
    {
        var fetched = Directory.GetFiles(folder, "mail.*").Select(File.ReadAllBytes).ToList();
        Assert.Equal(letters.Length, fetched.Count);
        foreach (var letter in letters.Select(Letters.WithBareLineFeeds))
        {
            var index = fetched.FindIndex(message => message.AsSpan().IndexOf(letter.AsSpan(0, 120)) >= 0);
            Assert.True(index >= 0, "A message is missing.");
            Letters.MustEqual(letter, fetched[index][fetched[index].AsSpan().IndexOf(letter.AsSpan(0, 120))..]);
            fetched.RemoveAt(index);
        }
    }

    private async Task<Outcome> FetchAsync(TestAccount account, string folder, int port, string serverOptions = "", string userOptions = "")
    {
        var file = Path.Combine(folder, "rc");
        await ClientProcess.WriteSettingsAsync(file, $"""
            set idfile "{folder}/ids"
            set pidfile "{folder}/pid"
            set no bouncemail
            poll localhost protocol pop3 port {port} {serverOptions}
            user "{account.Name}" password "{account.Password}" is me here
            mda "cat > $(mktemp mail.XXXXXX)" no rewrite sslcertfile "{server.Certificate}" {userOptions}

            """);
        return await server.RunAsync(Program, ["-v", "-v", "--nosyslog", "--nodetach", "-f", file], [], folder);
    }
}
