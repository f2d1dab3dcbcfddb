using System.Globalization;
using System.Text.RegularExpressions;

namespace MailServer.Host.Tests;

/// <summary>A disk that is full, or may not be written to, is called so. The disk is in memory, and gone with the command.</summary>
public sealed class NoRoomTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-room-");

    private string Data => Path.Combine(_parent.FullName, "data");

    private string Disk => Path.Combine(_parent.FullName, "disk");

    public void Dispose() => _parent.Delete(recursive: true);

    [OtherUserFact]
    public async Task A_full_disk_is_no_damage()
    {
        await PrepareAsync();

        foreach (var (command, told) in new (string[], string)[]
        {
            (["check"], "found: the disk is full, so the store was not looked through: make room on it and check again"),
            (["serve", "--smtp", "0", "--pop3", "0"], "make room"),
            (["user", "list"], "make room"),
        })
        {
            var (exitCode, output, errors) = await RunOnDiskAsync("cp \"$0\"/../data/mail.db \"$0\"; cat /dev/zero > \"$0\"/rest 2>/dev/null || true", [.. command, "--data", Disk]);
            Assert.Equal(1, exitCode);
            Assert.Contains(told, output + errors, StringComparison.Ordinal);
            Assert.DoesNotContain("restore", output + errors, StringComparison.Ordinal);
            Assert.DoesNotContain("writable", output + errors, StringComparison.Ordinal);
        }
    }

    [OtherUserFact]
    public async Task A_backup_without_room_names_its_target()
    {
        await PrepareAsync();

        var (exitCode, _, errors) = await RunOnDiskAsync("head -c 1030000 /dev/zero > \"$0\"/rest", ["backup", "--data", Data, Path.Combine(Disk, "copy")]);

        Assert.Equal(1, exitCode);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains($"No room is left for {Path.Combine(Disk, "copy")}", errors, StringComparison.Ordinal);
    }

    [OtherUserFact]
    public async Task A_backup_without_room_leaves_nothing_behind()
    {
        await PrepareAsync();

        // More than SQLite holds in memory, so that it is writing when the room ends.
        var mail = Path.Combine(_parent.FullName, "mail");
        await File.WriteAllTextAsync(mail, string.Concat(Enumerable.Range(0, 50).Select(i => $"From a@x Mon Jan  1 00:00:00 2024\nSubject: {i}\n\n{new string('x', 100_000)}\n\n")));
        Assert.Equal(0, (await MailServerProcess.RunAsync(["import", "--user", "bob", mail, "--data", Data])).ExitCode);

        var (exitCode, output, errors) = await RunOnDiskAsync("touch \"$0\"/rest", ["backup", "--data", Data, Path.Combine(Disk, "copy")], "ls \"$0\"");

        Assert.Equal(1, exitCode);
        CommandLineTests.AssertOneLine(errors);
        Assert.Equal("rest", output.Trim());
    }

    [OtherUserFact]
    public async Task A_disk_that_may_not_be_written_to_is_called_one()
    {
        await PrepareAsync();

        foreach (var command in new string[][] { ["serve", "--smtp", "0", "--pop3", "0"], ["check"] })
        {
            var (exitCode, output, errors) = await RunOnDiskAsync($"cp \"$0\"/../data/mail.db \"$0\"; mount -o remount,ro \"$0\"", [.. command, "--data", Disk]);
            Assert.Equal(1, exitCode);
            Assert.Contains("lies on a read-only file system", output + errors, StringComparison.Ordinal);
            Assert.DoesNotContain("chown", output + errors, StringComparison.Ordinal);
        }
    }

    [OtherUserFact]
    public async Task An_import_without_room_accounts_for_every_message_that_it_found()
    {
        await PrepareAsync();
        var mail = Path.Combine(_parent.FullName, "mail");
        await File.WriteAllTextAsync(mail, string.Concat(Enumerable.Range(0, 400).Select(i => $"From a@x Mon Jan  1 00:00:00 2024\nSubject: {i}\n\n{new string('x', 5000)}\n\n")));

        var (exitCode, output, errors) = await RunOnDiskAsync("cp \"$0\"/../data/mail.db \"$0\"", ["import", "--user", "bob", mail, "--data", Disk]);

        Assert.Equal(1, exitCode);
        Assert.Contains("of the messages that were found are not stored", errors, StringComparison.Ordinal);
        var counts = Regex.Matches(output, "[0-9]+", RegexOptions.None, TimeSpan.FromMinutes(1)).Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.InRange(counts[0], 1, 400);
        Assert.Equal(counts[0], counts[1] + counts[2] + counts[3]);
        Assert.InRange(counts[3], 1, 400);
    }

    private async Task PrepareAsync()
    {
        Assert.Equal(0, (await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data])).ExitCode);
        Directory.CreateDirectory(Disk);
    }

    // In a mount namespace of its own, which ends with the command.
    private Task<(int ExitCode, string Output, string Errors)> RunOnDiskAsync(string preparation, string[] command, string look = "true") => MailServerProcess.RunBehindAsync(
        ["unshare", "--mount", "sh", "-c", $"mount -t tmpfs -o size=1m,mode=700 tmpfs \"$0\" && {{ {preparation}; }} && {{ \"$@\"; code=$?; {look}; exit $code; }}", Disk], command);
}
