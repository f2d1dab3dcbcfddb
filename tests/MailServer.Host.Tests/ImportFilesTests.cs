using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace MailServer.Host.Tests;

/// <summary>An import takes all the mail that lies in files, and has a line and exit code 1 for everything that it leaves out.</summary>
public sealed class ImportFilesTests : ImportTest
{
    [Theory]
    [InlineData("mbox", "From - Mon Jan  5 10:00:00 2026\r\nSubject: m1\r\n\r\nb\r\n\r\nFrom \r\nSubject: m2\r\n\r\nb\r\n", 2)]
    [InlineData("mbox", "From - \nSubject: m1\n\nb\n\nFrom a@b Mon Jan  5 10:00:00 2026\nSubject: m2\n\nb\n", 2)]
    [InlineData("mbox", "From a@b Mon Jan  5 10:00:00 2026\rSubject: m1\r\rb\r\rFrom a@b Mon Jan  5 10:00:00 2026\rSubject: m2\r\rb\r", 2)]
    [InlineData("mbox", "\u00EF\u00BB\u00BFFrom a@b Mon Jan  5 10:00:00 2026\nSubject: m1\n\nb\n\nFrom a@b Mon Jan  5 10:00:00 2026\nSubject: m2\n\nb\n", 2)]
    [InlineData("m.eml", "Content-Type: text/plain\r\nMIME-Version: 1.0\r\n\r\nb\r\n", 1)]
    [InlineData("m.eml", "\r\n\r\nSubject: m1\r\n\r\nb\r\n", 1)]
    [InlineData("m.eml", "\u00EF\u00BB\u00BFSubject: m1\r\n\r\nb\r\n", 1)]
    [InlineData("m.EML", "no header at all\r\n", 1)]
    [InlineData("m.eml", "X-Mozilla-Status: 0009\r\nX-Status: D\r\nSubject: m1\r\n\r\nb\r\n", 1)]
    [InlineData("m.emlx", "23        \nSubject: m1\n\nhello\nbye\n<?xml version=\"1.0\"?><plist><dict><key>flags</key><integer>1</integer></dict></plist>\n", 1)]
    [InlineData("m.emlx", "Subject: m1\n\nhello\n", 1)]
    [InlineData(".hidden", "From a@b Mon Jan  5 10:00:00 2026\nSubject: m1\n\nb\n", 1)]
    [InlineData("list.msf", "From a@b Mon Jan  5 10:00:00 2026\nSubject: m1\n\nb\n", 1)]
    public async Task Mail_is_taken_from_files_of_every_kind(string name, string text, int messages)
    {
        Write("tree/" + name, text);
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync("tree");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains($"{messages} messages found, {messages} messages taken, 0 known from before, 0 skipped, 0 files failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_the_command_line_names_needs_no_known_field()
    {
        Write("odd", "Content-Type: text/plain\nMIME-Version: 1.0\n\nb\n");
        await MakeAsync();

        Assert.Equal(0, (await ImportAsync("odd")).ExitCode);
    }

    [Fact]
    public async Task A_message_of_Apple_Mail_is_taken_without_its_list_and_keeps_its_read_mark()
    {
        Write("m.emlx", "23\nSubject: m1\n\nhello\nbye\n<plist><dict><key>flags</key><integer>8590195713</integer></dict></plist>\n");
        await MakeAsync();
        Assert.Equal(0, (await ImportAsync("m.emlx")).ExitCode);

        Assert.Equal(["Subject: m1\r\n\r\nhello\r\nbye\r\n|True"], await ListAsync(withDates: false));
    }

    [Theory]
    [InlineData("m.partial.emlx", "13\nSubject: m1\n\n", "is taken without its attachments")]
    [InlineData("m.emlx", "99\nSubject: m1\n\n", "is taken without its end")]
    public async Task A_message_that_is_not_whole_is_taken_with_a_line(string name, string text, string reason)
    {
        Write(name, text);
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync(name);

        Assert.Equal(1, exitCode);
        Assert.Contains("1 messages taken", output, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m.emlx", "12\n")]
    [InlineData("m.emlx", "0\n<plist></plist>\n")]
    [InlineData("m.emlx", "12\n<plist></plist>\n")]
    [InlineData("m.partial.emlx", "12\r\n")]
    public async Task A_message_of_which_only_the_count_is_there_is_empty(string name, string text)
    {
        Write(name, text);
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync(name);

        Assert.Equal(1, exitCode);
        Assert.Contains(" 0 messages taken", output, StringComparison.Ordinal);
        Assert.EndsWith($"{name} is skipped: it is empty", Assert.Single(Lines(errors)).TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cur")]
    [InlineData("cur", "tmp")]
    [InlineData("cur", "new")]
    [InlineData("new", "tmp")]
    public async Task A_Maildir_may_lack_a_folder(params string[] folders)
    {
        foreach (var folder in folders)
            Directory.CreateDirectory(At("box/" + folder));
        Write($"box/{folders[0]}/1763699843.M1P2.box", "no header, and a Maildir's all the same\n");
        Write("box/archive", "From a@b Mon Jan  5 10:00:00 2026\nSubject: m1\n\nb\n");
        Write("box/dovecot-uidvalidity", "1");
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync("box");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("2 messages taken", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_mail_servers_keep_beside_a_Maildir_needs_no_line()
    {
        Write("box/cur/1763699843.M1P2.box", "Subject: x\n");
        Write("box/.Sent/cur/1763699843.M2P2.box", "Subject: y\n");
        foreach (var name in new[]
        {
            "dovecot-uidvalidity", "dovecot-uidvalidity.5e8f4a2b", "dovecot-uidlist.lock", "dovecot-keywords", "dovecot-acl-list", "dovecot-acl",
            "dovecot.list.index", "dovecot.list.index.log", "dovecot.mailbox.log", "dovecot.map.index.log", "dovecot.index.cache", "dovecot.sieve",
            "courierpop3dsizelist", "courierimapsubscribed", "courierimapuiddb", "courierimapacl", "courierimapkeywords/:list", "courierimapkeywords/1763699843.M1P2.box",
            "courierimaphieracl/.Sent", "maildirsize", "maildirfolder", "subscriptions", "cyrus.header", "cyrus.index", "cyrus.cache",
        })
        {
            Write("box/" + name, name.EndsWith("8f4a2b", StringComparison.Ordinal) ? "" : "\u00011 1000S,5C\n");
            Write("box/.Sent/" + name, "\u0001\n");
        }

        // What is mail is taken whatever its name.
        Write("box/dovecot.mbox", "From a@b Mon Jan  5 10:00:00 2026\nSubject: z\n\nb\n");
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync("box");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("3 messages found, 3 messages taken", output, StringComparison.Ordinal);
    }

    [Theory]

    // Line ends that became CRLF, a count that is too small or too large, and lists of either form.
    [InlineData("23\r\nSubject: m1\r\n\r\nhello\r\nbye\r\n{xml}\r\n", true, null)]
    [InlineData("5\nSubject: m1\n\nhello\nbye\n{xml}\n", true, null)]
    [InlineData("22\nSubject: m1\n\nhello\nbye\n{xml}", true, null)]
    [InlineData("23\nSubject: m1\n\nhello\nbye\n \r\n{xml}", true, null)]
    [InlineData("9\nSubject: m1\n\nhello\nbye\nbplist00\u0001\u0002", false, null)]
    [InlineData("23\nSubject: m1\n\nhello\nbye\n", false, null)]
    [InlineData("30\nSubject: m1\n\nhello\nbye\n{xml}\n", true, "is taken without its end: the file is shorter than it says")]
    [InlineData("9999\nSubject: m1\n\nhello\nbye\n{xml}\n", true, "is taken without its end: the file is shorter than it says")]
    [InlineData("12\nSubject: m1\n\nhello\nbye\n", false, "is taken to its end: the count in its first line is wrong")]
    public async Task A_wrong_count_of_Apple_Mail_cuts_no_text(string file, bool isRead, string? reason)
    {
        const string List = "<?xml version=\"1.0\"?>\n<!DOCTYPE plist>\n<plist version=\"1.0\"><dict><key>flags</key><integer>1</integer></dict></plist>";
        Write("m.emlx", file.Replace("{xml}", List, StringComparison.Ordinal));
        await MakeAsync();

        var (exitCode, _, errors) = await ImportAsync("m.emlx");

        Assert.Equal(reason is null ? 0 : 1, exitCode);
        Assert.Contains(reason ?? "", Lines(errors).SingleOrDefault(""), StringComparison.Ordinal);
        Assert.Equal([$"Subject: m1\r\n\r\nhello\r\nbye\r\n|{isRead}"], await ListAsync(withDates: false));
    }

    [Fact]
    public async Task What_senders_write_means_nothing_in_a_Maildir()
    {
        Directory.CreateDirectory(At("box/cur"));
        const string Text = "X-Mailserver-Received: 2026-11-21T04:37:23.123Z\r\nX-UIDL: forged\r\nStatus: RO\r\nX-Mozilla-Status: 0008\r\nX-Status: D\r\n\r\nb\r\n";
        Write("box/cur/1763699843.M1P2.box", Text);
        await MakeAsync();

        Assert.Equal(0, (await ImportAsync("box")).ExitCode);
        Assert.Equal([Text + "|False"], await ListAsync(withDates: false));
    }

    [Theory]
    [InlineData("1763699843.M250000P4.box", "2026-01-01T00:00:00Z", "2025-11-21T04:37:23.250Z")]
    [InlineData("1763699843.box", "2025-11-21T04:37:23.700Z", "2025-11-21T04:37:23.700Z")]
    [InlineData("1763699843.M1P4.box", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")]
    [InlineData("message", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")]
    public async Task A_message_of_a_Maildir_is_as_old_as_its_file_or_its_name(string name, string written, string received)
    {
        Directory.CreateDirectory(At("box/cur"));
        Write("box/cur/" + name, "Subject: x\n");
        File.SetLastWriteTimeUtc(At("box/cur/" + name), Date(written).UtcDateTime);
        await MakeAsync();

        Assert.Equal(0, (await ImportAsync("box")).ExitCode);
        Assert.EndsWith("|" + Date(received).ToString("o", CultureInfo.InvariantCulture), Assert.Single(await ListAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Received: from a by b; Fri, 20 Nov 2026 23:37:23 EST\r\n")]
    [InlineData("Received: ; Sat Nov 21 00:37:23 2026 -0400\r\n")]
    [InlineData("Date: 21 Nov 2026 04:37:23 UT\r\n")]
    public async Task The_date_of_a_message_is_in_its_header(string header)
    {
        Write("m.eml", header + "\r\nb\r\n");
        await MakeAsync();

        Assert.Equal(0, (await ImportAsync("m.eml")).ExitCode);
        Assert.EndsWith("|2026-11-21T04:37:23.0000000+00:00", Assert.Single(await ListAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tree/empty", "", "is skipped: it is empty")]
    [InlineData("tree/empty.eml", "\n", "is skipped: it is empty")]
    [InlineData("tree/notes.txt", "buy milk\n", "is skipped: it is neither an mbox nor a message")]
    [InlineData("tree/notes", "From now on\nbuy milk\n", "is skipped: it is neither an mbox nor a message")]
    [InlineData("tree/mbox", "From - Mon Jan  5 10:00:00 2026\nX-Mozilla-Status: 0008\nSubject: x\n", "mbox, the message at octet 0, is skipped: it is marked as deleted")]
    [InlineData("tree/mbox", "From a@b Mon Jan  5 10:00:00 2026\nX-IMAP: 1 2\nSubject: FOLDER INTERNAL DATA\n", "is skipped: it is a mail program's own note")]
    [InlineData("tree/mbox", "From a@b Mon Jan  5 10:00:00 2026\n", "is skipped: it is empty")]
    [InlineData("tree/box/cur/1763699843.M1P2.box:2,T", "Subject: x\n", "is skipped: it is marked as deleted")]
    [InlineData("tree/box/cur/1763699843.M1P2.box", "", "is skipped: it is empty")]
    [InlineData("tree/mh/,2", "Subject: x\n", "/,2 is skipped: it is marked as deleted; give it a number")]
    [InlineData("tree/mh/#12", "X-Odd: x\n", "/#12 is skipped: it is marked as deleted; give it a number")]
    [InlineData("tree/mh/,2", "From a@b Mon Jan  5 10:00:00 2026\nSubject: x\n", "is skipped: it is marked as deleted; give it a number")]
    [InlineData("tree/mh/,2", "", "/,2 is skipped: it is empty")]
    [InlineData("tree/2.emlx", "13\nSubject: m1\n\n<plist><dict><key>flags</key><integer>8590195714</integer></dict></plist>\n", "2.emlx is skipped: it is marked as deleted")]
    [InlineData("tree/2.partial.emlx", "13\nSubject: m1\n\n<plist><dict><key>flags</key><integer>3</integer></dict></plist>\n", "2.partial.emlx is skipped: it is marked as deleted")]
    [InlineData("tree/2.emlx", "99\nSubject: m1\n\n<plist><dict><key>flags</key><integer>2</integer></dict></plist>\n", "2.emlx is skipped: it is marked as deleted")]
    [InlineData("tree/1.eml", "X-Mailserver-Received: 2020-01-01T00:00:00.000Z\nX-UIDL: z\nStatus: RO\n", "1.eml is skipped: it is empty")]
    [InlineData("tree/mbox", "From a@b Mon Jan  5 10:00:00 2026\n\n\n", "is skipped: it is empty")]
    [InlineData("tree/box/cur/.hidden", "Subject: x\n", "is skipped: no Maildir has such a thing")]
    [InlineData("tree/box/cur/folder/message", "Subject: x\n", "is skipped: no Maildir has such a thing")]
    public async Task What_is_left_out_has_a_line_and_the_rest_is_taken(string name, string text, string reason)
    {
        if (OperatingSystem.IsWindows() && name.Contains(':', StringComparison.Ordinal))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        Write(name, text);
        Write("tree/zebra.eml", "Subject: good\n\nb\n");
        await MakeAsync();

        await AssertOneIsLeftOutAsync(reason);
    }

    [Fact]
    public async Task Indexes_beside_mail_are_no_loss()
    {
        foreach (var name in new[] { "Inbox.msf", ".DS_Store", "dovecot.index.log", "subscriptions", ".imap/Inbox/dovecot.index", "empty.msf" })
            Write("tree/" + name, name == "empty.msf" ? "" : "\0index");
        await MakeAsync();

        Assert.Equal((0, ""), await ImportAsync("tree") is var (exitCode, _, errors) ? (exitCode, errors) : default);
    }

    [Fact]
    public async Task A_link_a_pipe_and_a_socket_have_a_line_and_hold_nothing_up()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("tree/box/cur/message", "Subject: x\n");
        File.CreateSymbolicLink(At("tree/a-loop"), At("tree"));
        File.CreateSymbolicLink(At("tree/b-nowhere"), At("nowhere"));
        File.CreateSymbolicLink(At("tree/box/cur/c-file"), At("tree/box/cur/message"));
        using (var mkfifo = Process.Start("mkfifo", [At("tree/d-pipe"), At("tree/e-pipe.eml"), At("tree/box/cur/f-pipe")]))
            await mkfifo.WaitForExitAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(At("tree/g-socket")));
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync("tree");

        Assert.Equal(1, exitCode);
        Assert.Contains("1 messages found, 1 messages taken, 0 known from before, 0 skipped, 7 files failed", output, StringComparison.Ordinal);
        foreach (var name in new[] { "a-loop", "b-nowhere", "c-file", "d-pipe", "e-pipe.eml", "f-pipe", "g-socket" })
            Assert.Contains($"{name} is skipped: ", Assert.Single(Lines(errors), line => line.Contains(name, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_and_folders_whose_names_are_no_UTF_8_have_a_line_and_the_rest_is_taken()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Directory.CreateDirectory(At("tree"));
        // No program of this runtime can make such names.
        using (var shell = Process.Start("sh", ["-c", """cd "$1" && printf 'Subject: x\n' > "$(printf 'bad\377.eml')" && mkdir "$(printf 'folder\376')" && printf 'Subject: y\n' > good.eml""", "sh", At("tree")]))
            await shell.WaitForExitAsync();
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync("tree");

        Assert.Equal(1, exitCode);
        Assert.Contains("1 messages taken, 0 known from before, 0 skipped, 2 files failed", output, StringComparison.Ordinal);
        Assert.All(Lines(errors), line => Assert.Contains("is skipped: its name is no UTF-8; rename it", line, StringComparison.Ordinal));
        Assert.Equal(2, Lines(errors).Length);
        // Nor can it remove them.
        using (var shell = Process.Start("rm", ["-r", At("tree")]))
            await shell.WaitForExitAsync();
    }

    [Fact]
    public async Task A_file_with_bare_line_feeds_forges_no_answers_of_POP3()
    {
        Write("m.eml", "Subject: first\r\n\r\nhello\n.\n+OK 90 octets\r\nFrom: boss@mail.test\r\n\r\nforged\r\n");
        await MakeAsync();
        Assert.Equal(0, (await ImportAsync("m.eml")).ExitCode);

        Assert.Equal(["Subject: first\r\n\r\nhello\r\n.\r\n+OK 90 octets\r\nFrom: boss@mail.test\r\n\r\nforged\r\n|False"], await ListAsync(withDates: false));
    }

    private static DateTimeOffset Date(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
