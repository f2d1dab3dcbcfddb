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

            await using var store = SqliteStore.Open(data);
            var account = await store.Accounts.FindAsync(AccountName.TryParse(name)!, CancellationToken.None);
            Assert.True(BCrypt.Net.BCrypt.Verify(password, account!.PasswordHash));
        }
    }
}
