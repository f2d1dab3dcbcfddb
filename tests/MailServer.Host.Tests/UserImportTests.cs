using System.Text;
using MailServer.Core.Accounts;
using MailServer.Storage.Sqlite;

namespace MailServer.Host.Tests;

/// <summary>The password of a line is all of its rest, whatever signs are in it.</summary>
public sealed class UserImportTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-users-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Theory]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    [InlineData("a\fb\vc")]
    [InlineData("\u00A0a b ")]
    [InlineData("\uFEFF")]
    public async Task A_password_may_hold_what_Unicode_takes_for_line_ends_and_blanks(string password)
    {
        var (file, data) = (Path.Combine(_parent.FullName, "users"), Path.Combine(_parent.FullName, "data"));
        foreach (var (name, lineEnd) in new[] { ("alice", "\n"), ("bob", "\r\n"), ("carol", "\r") })
        {
            await File.WriteAllTextAsync(file, $"# a file{lineEnd}\t{name}\t{password}{lineEnd}{lineEnd}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: name == "bob"));
            var (exitCode, output, errors) = await MailServerProcess.RunAsync(["user", "import", file, "--data", data]);
            Assert.Equal((0, ""), (exitCode, errors));
            Assert.Contains("1 accounts made, 0 lines failed", output, StringComparison.Ordinal);

            await using var store = SqliteStorage.Open(data);
            var account = await store.Accounts.FindAsync(AccountName.TryParse(name)!, CancellationToken.None);
            Assert.True(BCrypt.Net.BCrypt.Verify(password, account!.PasswordHash));
        }
    }

    [Fact]
    public async Task A_password_that_looks_like_a_hash_is_taken_with_a_line()
    {
        var (file, data) = (Path.Combine(_parent.FullName, "users"), Path.Combine(_parent.FullName, "data"));
        string[] hashes = ["{SHA512-CRYPT}$6$salt$abc", "{BLF-CRYPT.b64}x", "$2b$10$abcdefghijklmnopqrstuv", "$6$rounds=5000$salt$x", "$y$j9T$x"];
        string[] passwords = ["{}x", "$ 5 and $6", "$$$", "{a b}c", "{open", "$money", "a$6$x", "{only}"];
        await File.WriteAllLinesAsync(file, hashes.Concat(passwords).Select((password, number) => $"user{number} {password}"));

        var (exitCode, output, errors) = await MailServerProcess.RunAsync(["user", "import", file, "--data", data]);

        Assert.Equal(0, exitCode);
        Assert.Contains("13 accounts made, 0 lines failed", output, StringComparison.Ordinal);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains("the passwords of 5 lines look like hashes; they are taken as the password itself", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("salt", errors, StringComparison.Ordinal);
    }
}
