using System.Diagnostics;
using System.Text;

namespace MailServer.Host.Tests;

/// <summary>What the paths of an import lead to is read once and as what it is, whatever its name.</summary>
public sealed class ImportPathsTests : ImportTest
{
    [Theory]
    [InlineData("Mail", "Mail/Inbox")]
    [InlineData("Mail/Inbox", "Mail")]
    [InlineData("Mail/Inbox", "Mail/Inbox", "Mail/../Mail/./Inbox", "Mail/")]
    [InlineData("Mail", "link-to-folder")]
    [InlineData("Mail", "link-to-file", "link-to-folder/Inbox")]
    public async Task What_several_paths_lead_to_is_read_once(params string[] paths)
    {
        Write("Mail/Inbox", "From a@b Mon Jan  5 10:00:00 2026\nSubject: m1\n\nb\n");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(At("link-to-folder"), At("Mail"));
            File.CreateSymbolicLink(At("link-to-file"), "link-to-folder/Inbox");
        }
        else if (paths.Any(path => path.StartsWith("link", StringComparison.Ordinal)))
        {
            return;
        }

        await MakeAsync();
        var (exitCode, output, errors) = await ImportAsync(paths);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("1 messages found, 1 messages taken, 0 known from before, 0 skipped, 0 files failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_and_further_names_of_a_file_are_mail_of_their_own()
    {
        Write("tree/1.eml", "Subject: same\n\nb\n");
        Write("tree/2.eml", "Subject: same\n\nb\n");
        if (!OperatingSystem.IsWindows())
        {
            // Dovecot copies a message by a further name of its file.
            using var link = Process.Start("ln", [At("tree/1.eml"), At("tree/3.eml")]);
            await link.WaitForExitAsync();
        }

        await MakeAsync();

        Assert.Contains(OperatingSystem.IsWindows() ? "2 messages taken" : "3 messages taken", (await ImportAsync("tree")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.mbox", "y.mbox")]
    [InlineData("tree")]
    public async Task An_mbox_with_two_names_is_one_file(params string[] paths)
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var folder in new[] { "", "tree/" })
        {
            Write(folder + "x.mbox", "From a@b Mon Jan  5 10:00:00 2026\nSubject: m1\n\nb\n");
            using var link = Process.Start("ln", [At(folder + "x.mbox"), At(folder + "y.mbox")]);
            await link.WaitForExitAsync();
        }

        await MakeAsync();
        var (exitCode, output, errors) = await ImportAsync(paths);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("1 messages found, 1 messages taken", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_nothing_is_called_one()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("tree/good.eml", "Subject: y\n");
        File.CreateSymbolicLink(At("link"), At("nowhere"));
        File.CreateSymbolicLink(At("tree/link"), "nowhere");
        await MakeAsync();

        var (exitCode, _, errors) = await ImportAsync("link");
        Assert.Equal(1, exitCode);
        Assert.Contains($"link is skipped: it is a link to {At("nowhere")}, which is not there", Assert.Single(Lines(errors)), StringComparison.Ordinal);
        await AssertOneIsLeftOutAsync("link is skipped: it is a link to nowhere, which is not there");
    }

    [Fact]
    public async Task Two_names_that_only_look_alike_lead_to_two_files()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("here/Inbox", "Subject: here\n\nb\n");
        Write("there/Inbox", "Subject: there\n\nb\n");
        Directory.CreateDirectory(At("there/folder"));
        File.CreateSymbolicLink(At("here/link"), At("there/folder"));
        await MakeAsync();

        var (_, output, errors) = await ImportAsync("here/Inbox", "here/link/../Inbox");

        Assert.Equal("", errors);
        Assert.Contains("2 messages taken", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_named_as_well_as_its_folder_is_mail_by_any_field_and_one_that_is_left_out_has_one_line()
    {
        Write("tree/odd", "Content-Type: text/plain\nMIME-Version: 1.0\n\nb\n");
        Write("tree/notes.txt", "buy milk\n");
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync("tree", "tree", "tree/odd");

        Assert.Equal(1, exitCode);
        Assert.Contains("1 messages taken, 0 known from before, 0 skipped, 1 files failed", output, StringComparison.Ordinal);
        Assert.Contains("notes.txt", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("box/cur")]
    [InlineData("box/cur/")]
    [InlineData("box/cur/1763699843.M250000P4.box:2,S")]
    [InlineData("box/cur", "box")]
    [InlineData("box/cur/1763699843.M250000P4.box:2,S", "box/cur")]
    public async Task A_part_of_a_Maildir_has_its_marks_dates_and_unique_ids(params string[] paths)
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("box/cur/1763699843.M250000P4.box:2,S", "Subject: x\n");
        await MakeAsync();

        Assert.Equal(0, (await ImportAsync(paths)).ExitCode);
        Assert.Equal(["Subject: x\r\n|True|2025-11-21T04:37:23.2500000+00:00"], await ListAsync());
    }

    [Fact]
    public async Task A_folder_of_a_Maildir_that_is_named_alone_has_a_line_for_what_is_marked_as_deleted()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("box/cur/1763699843.M250000P4.box:2,ST", "Subject: x\n");
        await MakeAsync();

        var (exitCode, _, errors) = await ImportAsync("box/cur");

        Assert.Equal(1, exitCode);
        Assert.Contains("marked as deleted", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_files_say_nothing_to_the_terminal()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("tree/a\u001B[2J\nmailserver: forged \u202Egnp", "no mail\n");
        await MakeAsync();

        var (_, _, errors) = await ImportAsync("tree");
        Assert.Contains("a\\u001B[2J\\u000Amailserver: forged \\u202Egnp is skipped: ", Assert.Single(Lines(errors)), StringComparison.Ordinal);

        (_, _, errors) = await ImportAsync("no\u001B[2J\nsuch");
        Assert.Contains("no\\u001B[2J\\u000Asuch", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public async Task A_text_of_UTF_16_has_a_line_and_is_not_taken(string encoding, bool hasMark)
    {
        var octets = Encoding.GetEncoding(encoding).GetBytes((hasMark ? "\uFEFF" : "") + "Subject: x\r\n\r\nb\r\n");
        Write("tree/m.eml", Encoding.Latin1.GetString(octets));
        Write("tree/good.eml", "Subject: y\n");
        await MakeAsync();

        await AssertOneIsLeftOutAsync("m.eml is skipped: it is UTF-16");
    }
}
