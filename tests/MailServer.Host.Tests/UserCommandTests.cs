namespace MailServer.Host.Tests;

public sealed class UserCommandTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-users-");

    private string Data => Path.Combine(_parent.FullName, "data");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task Accounts_are_made_listed_changed_and_removed()
    {
        Assert.Equal(0, await RunAsync("user add bob --password-stdin", "secret\n"));
        Assert.Equal(0, await RunAsync("user add Alice --no-password"));
        Assert.Equal(["Alice  (no password)", "bob"], await ListAsync());
        Assert.Equal(0, await RunAsync("user password alice --password-stdin", "pass word\r\nnot this\n"));
        Assert.Equal(0, await RunAsync("user remove BOB"));
        Assert.Equal(["Alice"], await ListAsync());
    }

    [Fact]
    public async Task What_cannot_be_done_is_one_line_and_exit_code_1()
    {
        Assert.Equal(0, await RunAsync("user add bob --no-password"));
        await AssertFailsAsync("user add BOB --no-password", "exists already");
        await AssertFailsAsync("user remove alice", "no account alice");
        await AssertFailsAsync("user password alice --password-stdin", "no account alice");
        await AssertFailsAsync("user remove Postmaster", "cannot be removed");
        await AssertFailsAsync("user import no-such-file.txt", "cannot be read");
    }

    [Theory]
    [InlineData("user list")]
    [InlineData("user remove bob")]
    [InlineData("user password bob --password-stdin")]
    public async Task A_data_directory_is_not_made_by_mistake(string command)
    {
        await AssertFailsAsync(command, "no data directory");
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_password_that_bcrypt_cannot_hold_is_refused_with_the_reason()
    {
        var (exitCode, _, errors) = await MailServerProcess.RunAsync(
            ["user", "add", "bob", "--password-stdin", "--data", Data], new string('x', 73) + "\n");
        Assert.Equal(2, exitCode);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains("72 octets", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_takes_the_good_lines_and_names_the_bad_ones()
    {
        var file = Path.Combine(_parent.FullName, "user.txt");
        await File.WriteAllTextAsync(file, "alice secret\n\n# nobody\nbob two words\r\ncarol\nalice again\n.dan hidden\nerin\ttab\n");
        var (exitCode, output, errors) = await MailServerProcess.RunAsync(["user", "import", file, "--data", Data]);
        Assert.Equal(1, exitCode);
        Assert.Contains("3 accounts made, 3 lines failed", output, StringComparison.Ordinal);
        string[] starts = [$"mailserver: {file} line 5: ", $"mailserver: {file} line 6: ", $"mailserver: {file} line 7: "];
        Assert.All(errors.Trim().Split('\n').Zip(starts), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.DoesNotContain("hidden", errors, StringComparison.Ordinal);
        Assert.Equal(["alice", "bob", "erin"], await ListAsync());
    }

    [Fact]
    public async Task Passwords_that_are_not_UTF8_are_refused_and_never_changed()
    {
        var file = Path.Combine(_parent.FullName, "latin1.txt");
        await File.WriteAllBytesAsync(file, [.. "bob p"u8, 0xE9, (byte)'\n']);
        await AssertFailsAsync($"user import {file}", "not UTF-8");
    }

    [Fact]
    public async Task A_name_that_begins_with_an_at_sign_is_a_name_and_no_file()
    {
        var (exitCode, _, errors) = await MailServerProcess.RunAsync(["user", "add", "@ME", "--no-password", "--data", Data]);
        Assert.Equal(2, exitCode);
        Assert.Contains("A name is made of letters", errors, StringComparison.Ordinal);
    }

    private async Task<string[]> ListAsync()
    {
        var (_, output, _) = await MailServerProcess.RunAsync(["user", "list", "--data", Data]);
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<int> RunAsync(string command, string input = "")
    {
        var (exitCode, _, errors) = await MailServerProcess.RunAsync([.. command.Split(' '), "--data", Data], input);
        Assert.Equal("", errors);
        return exitCode;
    }

    private async Task AssertFailsAsync(string command, string reason)
    {
        var (exitCode, _, errors) = await MailServerProcess.RunAsync([.. command.Split(' '), "--data", Data], "secret\n");
        Assert.Equal(1, exitCode);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }
}
