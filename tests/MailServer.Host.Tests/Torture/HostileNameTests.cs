using System.Net;
using System.Text;
using MailServer.Core.Accounts;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>Hostile names get a clear answer everywhere, and make no account and no file that the rules do not allow.</summary>
[Trait("Category", "Torture")]
public sealed class HostileNameTests(ITestOutputHelper output) : IDisposable
{
    // Each takes a name at the place of the {0}; what is behind the bar is said after it.
    private static readonly string[] _smtp =
    [
        "HELO {0}",
        "EHLO {0}|PASS secret-1",
        "EHLO victim|{0}",
        "EHLO victim|PASS {0}",
        "EHLO c.test|MAIL FROM:<{0}>|RCPT TO:<victim>|DATA|.",
        "EHLO c.test|MAIL FROM:<{0}@localhost> SMTPUTF8|RCPT TO:<victim>|DATA|.",
        "EHLO c.test|MAIL FROM:<a@{0}>|RCPT TO:<victim>|DATA|.",
        "EHLO c.test|MAIL FROM:<a@b.test> {0}",
        "EHLO c.test|MAIL FROM:<a@b.test>|RCPT TO:<{0}>|DATA|.",
        "EHLO c.test|MAIL FROM:<a@b.test> SMTPUTF8|RCPT TO:<{0}@localhost>|DATA|.",
        "EHLO c.test|VRFY {0}",
        "EHLO c.test|AUTH {0}",
        "EHLO c.test|AUTH LOGIN {64}|c2VjcmV0",
        "EHLO c.test|AUTH PLAIN {plain}",
        "{0}",
    ];

    private static readonly string[] _pop3 = ["USER {0}|PASS secret-1", "USER victim|PASS {0}", "AUTH {0}", "AUTH PLAIN|{plain}", "{0}"];

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-names-");

    private string Data => Path.Combine(_parent.FullName, "data");

    public void Dispose() => _parent.Delete(recursive: true);

    [LinuxFact]
    public async Task Hostile_names_get_a_clear_answer_and_make_nothing_outside_of_the_rules()
    {
        using var server = await TortureServer.StartAsync(Data, "--failed-logins", "1");
        Assert.Equal(0, (await MailServerProcess.RunAsync(["user", "add", "victim", "--password-stdin", "--data", Data], "right\n")).ExitCode);

        var names = HostileNames.All.ToList();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, _) =>
        {
            foreach (var conversation in _smtp)
                await TalkAsync(server.Smtp, conversation, name, "^([2345]\\d\\d[ -]|$)");
            foreach (var conversation in _pop3)
                await TalkAsync(server.Pop3, conversation, name, "^(\\+OK|-ERR|\\+ ?)");
        });
        await AddOnTheCommandLineAsync();

        var (_, list, _) = await MailServerProcess.RunAsync(["user", "list", "--data", Data]);
        var accounts = list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  (")[0].Trim()).ToList();
        output.WriteLine($"{names.Count} names in {_smtp.Length + _pop3.Length} places; accounts afterwards: {string.Join(", ", accounts)}");
        Assert.All(accounts, account => Assert.Equal(account, AccountName.TryParse(account)?.Text));

        // What stands before a LF is a line of its own for a person on this machine: HELO a. A backspace takes a letter back: HELO b.
        var allowed = HostileNames.Texts.Select(text => AccountName.TryParse(text)?.Key).OfType<string>().Concat(["victim", "postmaster", "a", "b"]).ToHashSet(StringComparer.Ordinal);
        Assert.All(accounts, account => Assert.Contains(AccountName.TryParse(account)!.Key, allowed));

        Assert.Equal([Data], Directory.GetFileSystemEntries(_parent.FullName));
        Assert.All(Directory.GetFileSystemEntries(Data).Select(Path.GetFileName), name => Assert.Matches("^(mail\\.db(-wal|-shm)?|mailserver\\.(lock|pid)|logs|tls)$", name));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(Data, "logs")).Length + Directory.GetFiles(Path.Combine(Data, "tls")).Length);
        Assert.Equal(0, (await server.StopAsync()).ExitCode);
        Assert.DoesNotContain("internal error", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Output, c => char.IsControl(c) && c != '\n');
    }

    private static async Task TalkAsync(IPEndPoint endPoint, string conversation, byte[] name, string answers)
    {
        using var client = await MailTestClient.GreetedAsync(endPoint);
        Assert.NotNull(client.Greeting);
        foreach (var line in conversation.Split('|'))
        {
            var text = line
                .Replace("{64}", Convert.ToBase64String(name), StringComparison.Ordinal)
                .Replace("{plain}", Convert.ToBase64String([0, .. name, 0, .. "secret-1"u8]), StringComparison.Ordinal)
                .Replace("{0}", Encoding.Latin1.GetString(name), StringComparison.Ordinal);
            await client.SendAsync(text + "\r\n");
            var answer = await client.ReadReplyAsync();

            // A name that ends the session, QUIT of a LF session for one, leaves nothing to answer.
            if (answer is null)
                return;
            Assert.Matches(answers, answer);
            Assert.DoesNotContain("4.3.0", answer, StringComparison.Ordinal);
        }
    }

    private async Task AddOnTheCommandLineAsync()
    {
        // Arguments cannot hold a NUL, and every one of these starts a process.
        var texts = HostileNames.Texts.Where((_, number) => Scale.IsFull || number % 16 == 0);
        await Parallel.ForEachAsync(texts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (text, _) =>
        {
            var (exitCode, _, errors) = await MailServerProcess.RunAsync(["user", "add", "--data", Data, "--no-password", "--", text]);
            Assert.InRange(exitCode, 0, 2);
            if (exitCode != 0)
                CommandLineTests.AssertOneLine(errors);
        });
    }
}
