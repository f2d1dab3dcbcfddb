using System.Text;

namespace MailServer.Interop.Tests;

/// <summary>Python's mailbox module reads what an export writes, and an import takes what the module writes.</summary>
public sealed class PythonMailboxTests : IDisposable
{
    private const string Program = "python3";

    // Fields and lines that mean something to formats and programs, in messages of every length down to a header alone.
    private const string Write = """
        import mailbox, random, sys
        kind, path = sys.argv[1:]
        random.seed(kind)
        fields = [b'Subject: x', b'Status: RO', b'X-Status: A', b'X-UIDL: u', b'Content-Length: 7', b'X-Mozilla-Status: 0008', b'Return-Path: <a@b>',
            b'X-Mailserver-Received: 2026-11-21T04:37:23.123Z', b'Subject : y', b'X-Long: ' + b'z' * 2000, b'To: a,\n b', b'Content-Type: text/plain; charset=utf-8']
        lines = [b'From here on', b'From a@b Sat Nov 21 04:37:23 2026', b'From ', b'', b'', b'text', b'.', b'> quoted', b'Fr\xc3\xb6sche', b'From: x', b'x' * 3000]
        made = []
        box = {'mbox': mailbox.mbox, 'maildir': mailbox.Maildir, 'mh': mailbox.MH}[kind](path)
        for number in range(60):
            header = [b'X-Number: %d' % number] + random.sample(fields, random.randrange(len(fields)))
            body = [random.choice(lines) for _ in range(random.randrange(12))]
            text = b'\n'.join(header + [b''] + body) + (b'\n' if body else b'')
            if kind == 'maildir':
                message = mailbox.MaildirMessage(text)
                message.set_date(1700000000 + number)
                if number % 2:
                    message.set_subdir('cur')
                    message.set_flags('S')
                key = box.add(message)
                text = box.get_bytes(key)
            else:
                box.add(text)
            made.append(text)
        box.close()
        for text in made:
            print(text.hex())
        """;

    private const string Read = """
        import mailbox, sys
        kind, path = sys.argv[1:]
        box = mailbox.mbox(path, create=False) if kind == 'mbox' else mailbox.Maildir(path, create=False)
        messages = []
        for key in box.keys():
            message = box[key]
            if kind == 'mbox':
                assert len(message.get_from().split(' ', 1)[1]) == 24, message.get_from()
                flags, place = message.get_flags(), 0
            else:
                flags, place = message.get_flags(), int(message.get_date())
                assert (message.get_subdir() == 'cur') == ('S' in flags)
            messages.append((place, key, 'R' if 'R' in flags or 'S' in flags else '-', box.get_bytes(key).hex()))
        for _, _, flags, text in sorted(messages) if kind == 'maildir' else messages:
            print(flags, text)
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mailserver-mailbox-");

    public void Dispose() => _directory.Delete(recursive: true);

    [NeedsTheory(Program)]
    [InlineData("mbox")]
    [InlineData("maildir")]
    [InlineData("mh")]
    public async Task What_the_module_writes_is_taken_octet_for_octet_and_what_is_written_the_module_reads(string kind)
    {
        var written = Lines((await PythonAsync(Write, kind, At("box"))).Text).Select(line => Octets(line)).ToList();
        await ServerAsync("", "user", "add", "bob", "--no-password");
        await ServerAsync("60 messages found, 60 messages taken, 0 known from before, 0 skipped, 0 files failed", "import", "--user", "bob", At("box"));
        foreach (var format in new[] { "mbox", "maildir", "eml" })
            await ServerAsync("60 messages written", "export", "--user", "bob", "--format", format, At(format));

        // Its own Maildir keeps no order but that of names.
        var order = Enumerable.Range(1, 60).Select(number => File.ReadAllText(At($"eml/{number:D6}.eml"), Encoding.Latin1)).ToList();
        Assert.Equal(written.Select(Stored).Order(StringComparer.Ordinal), order.Select(WithoutOurFields).Order(StringComparer.Ordinal));
        if (kind != "maildir")
            Assert.Equal(written.Select(Stored), order.Select(WithoutOurFields));

        var mbox = Lines((await PythonAsync(Read, "mbox", At("mbox"))).Text).Select(line => Octets(line[2..])).ToList();
        Assert.Equal(order.Select(WithoutOurFields), mbox.Select(text => WithoutOurFields(Stored(Unquoted(text)))));

        var maildir = Lines((await PythonAsync(Read, "maildir", At("maildir"))).Text);
        Assert.Equal(order.Select(WithoutOurFields).Order(StringComparer.Ordinal), maildir.Select(line => Stored(Octets(line[2..]))).Order(StringComparer.Ordinal));
        if (kind == "maildir")
            Assert.Equal(30, maildir.Count(line => line[0] == 'R'));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Octets(string hexadecimal) => Encoding.Latin1.GetString(Convert.FromHexString(hexadecimal));

    // The module takes an mbox as it lies there; the sign before From is ours to take away.
    private static string Unquoted(string text) => string.Join('\n', text.Split('\n').Select(line =>
        line.StartsWith('>') && line.TrimStart('>').StartsWith("From ", StringComparison.Ordinal) ? line[1..] : line));

    private static string Stored(string text) => text.Replace("\n", "\r\n", StringComparison.Ordinal);

    private static string WithoutOurFields(string text)
    {
        var lines = text.Split("\r\n", 4);
        Assert.StartsWith("X-Mailserver-Received: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("X-UIDL: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Status: ", lines[2], StringComparison.Ordinal);
        return lines[3];
    }

    private string At(string name) => Path.Combine(_directory.FullName, name);

    private async Task<Outcome> PythonAsync(string script, params string[] arguments) =>
        (await ClientProcess.RunAsync(ClientProcess.Prepare(Program, ["-c", script, .. arguments], _directory.FullName), [], () => "")).MustSucceed();

    // Runs a command of the server, which must succeed and say this.
    private async Task ServerAsync(string words, params string[] arguments)
    {
        var (exitCode, output, errors) = await MailServerProcess.RunAsync([.. arguments, "--data", At("data")]);
        Assert.True(exitCode == 0, errors);
        Assert.Contains(words, output + errors, StringComparison.Ordinal);
    }
}
