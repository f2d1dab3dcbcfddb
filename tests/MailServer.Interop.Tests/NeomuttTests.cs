using System.Text;

namespace MailServer.Interop.Tests;

public class NeomuttTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "neomutt";

    // NeoMutt reads a mailbox on a terminal only; expect gives it one and waits for it to end.
    private static readonly string Terminal = $$$"""
        set timeout {{{HangGuard.Seconds}}}
        set env(TERM) xterm
        spawn -noecho {*}$argv
        expect {
            timeout { puts "\nit waits for somebody to type"; exit 1 }
            eof {}
        }
        exit [lindex [wait] 3]
        """;

    private static readonly string[] Added = ["Status:", "Content-Length:", "Lines:"];

    [NeedsTheory(Program)]
    [InlineData("", "ESMTP")]
    [InlineData("starttls", "ESMTPS")]
    [InlineData("smtps", "ESMTPS")]
    [InlineData("plain starttls", "ESMTPSA")]
    [InlineData("login starttls", "ESMTPSA")]
    [InlineData("plain smtps", "ESMTPSA")]
    public async Task Sends_a_message(string options, string protocol)
    {
        var bob = await server.AddAccountAsync();
        var isLoggedIn = protocol.EndsWith('A');
        var (scheme, port) = options.Contains("smtps", StringComparison.Ordinal) ? ("smtps", server.Smtps) : ("smtp", server.Smtp);
        var folder = await WriteSettingsAsync(
            $"set smtp_url = \"{scheme}://{(isLoggedIn ? bob.Name + "@" : "")}localhost:{port}/\"",
            $"set smtp_pass = \"{bob.Password}\"",
            isLoggedIn ? $"set smtp_authenticators = \"{options.Split(' ')[0]}\"" : "",
            $"set ssl_starttls = {(options.Contains("starttls", StringComparison.Ordinal) ? "yes" : "no")}",
            $"set from = \"{(isLoggedIn ? bob.Address : RunningServer.Sender)}\"");
        (await server.RunAsync(Program, ["-F", "rc", "-n", "-s", "Grüße", bob.Address],
            Letters.WithBareLineFeeds(Letters.Text(Letters.Plain())), folder)).MustSucceed();

        var stored = await server.ReadOnlyMessageAsync(bob);
        Letters.MustHaveText(Letters.Plain(), stored, protocol);
    }

    [NeedsTheory(Program, "expect")]
    [InlineData("pop")]
    [InlineData("stls")]
    [InlineData("pops")]
    public async Task Reads_a_mailbox_and_saves_all_of_it(string mode)
    {
        var bob = await server.AddAccountAsync();
        await server.DeliverAsync(bob, Letters.Plain("One"));
        await server.DeliverAsync(bob, Letters.Plain("Two"));
        var before = await server.ReadMailboxAsync(bob);
        var (scheme, port) = mode == "pops" ? ("pops", server.Pop3s) : ("pop", server.Pop3);
        var folder = await WriteSettingsAsync(
            $"set pop_pass = \"{bob.Password}\"", $"set ssl_starttls = {(mode == "stls" ? "yes" : "no")}",
            "set mbox_type = Maildir", "set confirmappend = no", "set confirmcreate = no", "set quit = yes", "set delete = yes", "set wait_key = no");
        await File.WriteAllTextAsync(Path.Combine(folder, "terminal"), Terminal);

        (await server.RunAsync("expect", ["-f", "terminal", Programs.Find(Program) ?? Program, "-n", "-F", "rc", "-f", $"{scheme}://{bob.Name}@localhost:{port}/",
            "-e", "push '<tag-pattern>~A<enter><tag-prefix><copy-message>=saved<enter><delete-pattern>~s Two<enter><quit>'"], [], folder)).MustSucceed();

        var saved = Directory.GetFiles(Path.Combine(folder, "saved"), "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToList();
        Assert.Equal(2, saved.Count);
        foreach (var (expected, actual) in before.Select(Letter).Order(StringComparer.Ordinal).Zip(saved.Select(Letter).Order(StringComparer.Ordinal)))
            Letters.MustEqual(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(actual));
        Assert.Equal([before[0]], await server.ReadMailboxAsync(bob));
    }

    // What NeoMutt adds to a header when it saves is not compared.
    private static string Letter(byte[] message) => string.Join('\n',
        Encoding.UTF8.GetString(message).ReplaceLineEndings("\n").Split('\n').Where(line => !Added.Any(name => line.StartsWith(name, StringComparison.Ordinal))));

    private async Task<string> WriteSettingsAsync(params string[] lines)
    {
        var folder = server.AddFolder();
        string[] all = ["set ssl_ca_certificates_file = \"" + server.Certificate + "\"", "set ssl_force_tls = no",
            "set charset = utf-8", "set send_charset = utf-8", "set allow_8bit = yes", "set folder = \"" + folder + "\"", "set record = \"\"",
            "set hostname = client.test", .. lines];
        await ClientProcess.WriteSettingsAsync(Path.Combine(folder, "rc"), string.Join('\n', all) + "\n");
        return folder;
    }
}
