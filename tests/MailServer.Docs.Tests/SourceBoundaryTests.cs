using System.Globalization;
using System.Text.RegularExpressions;

namespace MailServer.Docs.Tests;

/// <summary>What the documents say of the sources as a whole, read from the sources.</summary>
public sealed class SourceBoundaryTests
{
    private static readonly string[] Sql = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE ", "PRAGMA ", "CREATE TABLE ", "BEGIN IMMEDIATE", "Microsoft.Data.Sqlite", "SQLitePCL"];

    [Fact]
    public void Only_the_files_of_replies_make_replies_of_SMTP()
    {
        var made = new Regex("new SmtpReply\\(|new\\(\\s*[245]\\d\\d,|\"[245]\\d\\d[ -]", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.All(
            Sources("MailServer.Core", "MailServer").Where(file => Path.GetFileName(file) is not ("SmtpReplies.cs" or "SmtpReply.cs")),
            file => Assert.DoesNotMatch(made, Code(file)));
    }

    [Fact]
    public void Only_the_files_of_replies_make_replies_of_POP3()
    {
        var made = new Regex("new Pop3Reply\\(|\"(?:\\+OK|-ERR) ", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.All(
            Sources("MailServer.Core", "MailServer").Where(file => Path.GetFileName(file) is not ("Pop3Replies.cs" or "Pop3Reply.cs")),
            file => Assert.DoesNotMatch(made, Code(file)));
    }

    [Fact]
    public void The_replies_of_SMTP_stand_in_the_order_of_their_codes()
    {
        var codes = Regex.Matches(File.ReadAllText(Repository.PathOf("src", "MailServer.Core", "Smtp", "SmtpReplies.cs")), "(?:new|Last)\\((?<code>[2-5]\\d\\d),", RegexOptions.None, TimeSpan.FromSeconds(5))
            .Select(match => int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture))
            .ToList();
        Assert.InRange(codes.Count, 60, int.MaxValue);
        Assert.Equal(codes.Order(), codes);
    }

    [Fact]
    public void Only_the_stores_project_knows_SQL_and_its_library()
    {
        // That the words are found where they are is what makes it a test.
        Assert.All(Sql, word => Assert.Contains(Sources("MailServer.Storage.Sqlite"), file => Code(file).Contains(word, StringComparison.Ordinal)));
        Assert.All(
            Sources("MailServer.Core", "MailServer", "MailClient"),
            file => Assert.All(Sql, word => Assert.DoesNotContain(word, Code(file), StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Sources(params IEnumerable<string> projects) =>
        projects.SelectMany(project => Directory.EnumerateFiles(Repository.PathOf("src", project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    // Comments may speak of anything.
    private static string Code(string file) => string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
}
