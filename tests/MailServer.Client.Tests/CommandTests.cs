using System.Text.Json;
using MailClient.Net;

namespace MailServer.Client.Tests;

/// <summary>The commands for scripts, run as a process.</summary>
public sealed class CommandTests(ClientTestServer servers) : IClassFixture<ClientTestServer>
{
    [Fact]
    public async Task A_script_sends_lists_reads_saves_fetches_and_deletes()
    {
        var user = await servers.NewUserAsync();
        var home = servers.NewFolder();
        var file = Path.Combine(home, "Bericht März.csv");
        await File.WriteAllTextAsync(file, "a;b\n");
        var address = $"{user.User}@mail.test";

        await RunAsync(home, "Guten Tag,\nGrüße\n", ["send", "--smtp", servers.Smtp.ToString(), "--from", "alice@example.org", "--to", address, "--to", "postmaster@mail.test", "--subject", "Zahlen für März", "--attach", file, "--trust", servers.Fingerprint]);
        await RunAsync(home, $"{ClientTestServer.Password}\nmy text\n", ["send", "--smtp", servers.SmtpTls.ToString(), "--tls", "--from", address, "--to", address, "--subject", "second", "--user", user.User, "--password-stdin", "--trust", servers.Fingerprint]);

        var list = await RunAsync(home, user, "list");
        Assert.Contains("  1  *    alice@example.org ", list, StringComparison.Ordinal);
        Assert.Contains("Zahlen für März", list, StringComparison.Ordinal);
        using var rows = JsonDocument.Parse(await RunAsync(home, user, "list", "--json"));
        Assert.Equal(["Zahlen für März", "second"], rows.RootElement.EnumerateArray().Select(row => row.GetProperty("subject").GetString()));

        var text = await RunAsync(home, user, "read", "1");
        Assert.Contains("Subject:     Zahlen für März\nAttachment:  Bericht März.csv (text/csv, 4 octets)\n\nGuten Tag,\nGrüße\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        using var message = JsonDocument.Parse(await RunAsync(home, user, "read", "2", "--json"));
        Assert.Equal("my text", message.RootElement.GetProperty("text").GetString()!.Trim());
        using var seen = JsonDocument.Parse(await RunAsync(home, user, "list", "--json"));
        Assert.All(seen.RootElement.EnumerateArray(), row => Assert.False(row.GetProperty("isNew").GetBoolean()));

        var saved = Path.Combine(home, "saved");
        Assert.Equal(Path.Combine(saved, "Zahlen für März.eml"), (await RunAsync(home, user, "save", "1", "--to", saved)).Trim());
        Assert.Equal(Path.Combine(saved, "Bericht März.csv"), (await RunAsync(home, user, "save", "1", "--to", saved, "--attachments")).Trim());

        Assert.Equal("2 fetched, 0 there already", (await RunAsync(home, user, "fetch", saved)).Trim());
        Assert.Equal("0 fetched, 2 there already", (await RunAsync(home, user, "fetch", saved)).Trim());
        await RunAsync(home, user, "delete", "1");
        using var left = JsonDocument.Parse(await RunAsync(home, user, "list", "--json"));
        Assert.Equal("second", Assert.Single(left.RootElement.EnumerateArray()).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_line_and_the_right_exit_code()
    {
        var user = await servers.NewUserAsync();
        var pop3 = servers.Pop3.ToString();
        var smtp = servers.Smtp.ToString();
        string[] mailbox = ["--pop3", pop3, "--user", user.User, "--password-stdin", "--trust", servers.Fingerprint];
        string[] message = ["send", "--from", "a@example.org", "--subject", "s", "--trust", servers.Fingerprint];
        (int ExitCode, string Words, string Input, string[] Arguments)[] rows =
        [
            (2, "say mailclient SERVER SMTP_PORT POP3_PORT", "", []),
            (2, "'abc' is no port", "", ["localhost", "abc", "110"]),
            (2, "--help", "", ["list"]),
            (2, "--user has no value behind its sign", "", ["list", "--user=", "bob", "--pop3", pop3]),
            (2, "'one' is no message's number; mailclient list shows them", "", ["read", "one", .. mailbox]),
            (2, "--help", "", ["no-such-command", "x", "y", "z"]),
            (2, "write HOST:PORT", "", ["list", "--pop3", "localhost", "--user", "bob"]),
            (2, "--user", "", ["list", "--pop3", pop3]),
            (2, "--password-stdin", "", ["list", "--pop3", pop3, "--user", "bob", "--trust", servers.Fingerprint]),
            (2, "'bob' is no address", "", [.. message, "--smtp", smtp, "--to", "bob"]),
            (1, "no file /no/such/file", "", [.. message, "--smtp", smtp, "--to", "b@mail.test", "--attach", "/no/such/file"]),
            (1, "cannot connect to 127.0.0.1:1", "x\n", ["list", "--pop3", "127.0.0.1:1", "--user", "bob", "--password-stdin"]),
            (1, "cannot connect to no-such-host.invalid:110", "x\n", ["list", "--pop3", "no-such-host.invalid:110", "--user", "bob", "--password-stdin"]),
            (1, "nobody vouches for the certificate", "x\n", ["list", "--pop3", pop3, "--user", "bob", "--password-stdin"]),
            (1, $"the login as {user.User} failed", "wrong\n", ["list", .. mailbox]),
            (1, "there is no message 7; the mailbox has 0", $"{ClientTestServer.Password}\n", ["read", "7", .. mailbox]),
            (1, "there is no message -1", $"{ClientTestServer.Password}\n", ["delete", "-1", .. mailbox]),
            (1, "nobody@mail.test (550", "text", [.. message, "--smtp", smtp, "--to", "nobody@mail.test"]),
            (1, "does not greet as a mailbox server", "x\n", ["list", "--pop3", smtp, "--user", "bob", "--password-stdin"]),
        ];

        // Two at a time: most of a run is the start of a process.
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (row, _) =>
        {
            var (exitCode, output, errors) = await MailClientProcess.RunAsync(servers.NewFolder(), row.Input, row.Arguments);
            Assert.Equal((row.Words, row.ExitCode, ""), (row.Words, exitCode, output));
            Assert.StartsWith("mailclient: ", errors, StringComparison.Ordinal);
            Assert.Contains(row.Words, errors, StringComparison.Ordinal);
            Assert.Equal(errors.Length - 1, errors.IndexOf('\n', StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Mail_is_read_where_nothing_can_be_remembered()
    {
        var user = await servers.NewUserAsync();
        await RunAsync(servers.NewFolder(), "my text\n", ["send", "--smtp", servers.Smtp.ToString(), "--from", "a@example.org", "--to", $"{user.User}@mail.test", "--subject", "s", "--trust", servers.Fingerprint]);
        var file = Path.Combine(servers.NewFolder(), "file");
        await File.WriteAllTextAsync(file, "");
        string[] remembered = ["MAILCLIENT_HOME", Path.Combine(file, "below")];

        var (exitCode, output, errors) = await MailClientProcess.RunAsync(
            servers.NewFolder(), $"{ClientTestServer.Password}\n", remembered, ["read", "1", "--pop3", servers.Pop3.ToString(), "--user", user.User, "--password-stdin", "--trust", servers.Fingerprint]);

        Assert.Equal(0, exitCode);
        Assert.Contains("my text", output, StringComparison.Ordinal);
        Assert.Contains("MAILCLIENT_HOME", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        (exitCode, output, errors) = await MailClientProcess.RunAsync(
            servers.NewFolder(), $"1\n{ClientTestServer.Password}\n1\nb\nb\n3\n", remembered, ["127.0.0.1", $"{servers.Smtp.Port}", $"{servers.Pop3.Port}", "--user", user.User, "--trust", servers.Fingerprint]);
        Assert.Contains("my text", output, StringComparison.Ordinal);
        Assert.Single((output + errors).Split('\n'), line => line.Contains("MAILCLIENT_HOME", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_argument_is_never_read_from_a_file()
    {
        var user = await servers.NewUserAsync();
        var home = servers.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(home, "trap"), $"forged --attach {Path.Combine(home, "trap")}");
        await RunAsync(home, "text", ["send", "--smtp", servers.Smtp.ToString(), "--from", "a@example.org", "--to", $"{user.User}@mail.test", "--subject", "@trap", "--trust", servers.Fingerprint]);
        Assert.Contains("@trap", await RunAsync(home, user, "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_menu_is_driven_by_lines_from_a_script()
    {
        var user = await servers.NewUserAsync();
        var home = servers.NewFolder();
        var long51 = new string('x', 51);
        string[] answers =
        [
            "2", "alice", "alice@example.org", $"{user.User}@mail.test nobody", $"{user.User}@mail.test", long51, "n", "Hello \x1B[31m", "line", "..", ".", "no-such-file", "", ClientTestServer.Password,
            "1", "1", "s", home, "r", "", $"{user.User}@mail.test", "", "my answer", ".", "", "r", "", ".", "b", "d 1", "1", "u", "d 1", "9", "b",
            "1", "1", "b", "b",
            "3",
        ];

        var (exitCode, output, errors) = await MailClientProcess.RunAsync(
            home, string.Join('\n', answers) + "\n",
            "127.0.0.1", $"{servers.Smtp.Port}", $"{servers.Pop3.Port}", "--user", user.User, "--trust", servers.Fingerprint);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.DoesNotContain('\x1B', output);
        Assert.DoesNotContain(ClientTestServer.Password, output, StringComparison.Ordinal);
        string[] expected =
        [
            "'alice' is no address", "'nobody' is no address", "more than 50. Keep it? (y/n): n", "no file no-such-file to attach",
            $"Sent to {user.User}@mail.test.",
            "No.  New  From", "  1  *    alice@example.org", "Hello  [31m", "line", "..", "Saved " + home,
            $"Sent to {user.User}@mail.test.", "Nothing is sent.", "will be deleted", "undelete it first", "Nothing will be deleted", "will be deleted", "'9' is neither", "1 message deleted.",
            "  1  *    alice@example.org", "Re: Hello", "my answer", "alice@example.org wrote:", "> line",
        ];
        var position = 0;
        foreach (var words in expected)
        {
            var at = output.IndexOf(words, position, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{words}' does not come after\n{output[..position]}\nbut this does\n{output[position..]}");
            position = at + words.Length;
        }
    }

    [Fact]
    public async Task The_end_of_the_input_ends_the_menu_and_a_failure_shows_in_the_exit_code()
    {
        var home = servers.NewFolder();
        string[] arguments = ["127.0.0.1", "1", "1", "--user", "bob"];
        Assert.Equal(0, (await MailClientProcess.RunAsync(home, "", arguments)).ExitCode);
        var (exitCode, output, _) = await MailClientProcess.RunAsync(home, "1\n", arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains("! cannot connect to 127.0.0.1:1", output, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string home, string input, string[] arguments)
    {
        var (exitCode, output, errors) = await MailClientProcess.RunAsync(home, input, arguments);
        Assert.Equal((0, ""), (exitCode, errors));
        return output;
    }

    private Task<string> RunAsync(string home, Credentials user, params string[] arguments) => RunAsync(
        home, $"{user.Password}\n", [.. arguments, "--pop3", servers.Pop3.ToString(), "--user", user.User, "--password-stdin", "--trust", servers.Fingerprint]);
}
