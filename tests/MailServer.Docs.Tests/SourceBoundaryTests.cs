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
    public void Only_the_projects_of_stores_know_SQL_and_its_libraries()
    {
        // That the words are found where they are is what makes it a test.
        Assert.All(Sql, word => Assert.Contains(Sources("MailServer.Storage.Sqlite"), file => Code(file).Contains(word, StringComparison.Ordinal)));
        Assert.All(
            Sources(Projects().Where(project => !project.StartsWith("MailServer.Storage.", StringComparison.Ordinal))),
            file => Assert.All(Sql, word => Assert.DoesNotContain(word, Code(file), StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_the_factory_of_stores_names_one()
    {
        var engine = new Regex("MailServer\\.Storage\\.|sqlite|postgres|npgsql|mail\\.db|MemoryStor", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5));
        Assert.Matches(engine, Code(Repository.PathOf("src", "MailServer", "StorageFactory.cs")));
        Assert.All(
            Sources(Projects().Where(project => !project.StartsWith("MailServer.Storage.", StringComparison.Ordinal))).Where(file => Path.GetFileName(file) != "StorageFactory.cs"),
            file => Assert.DoesNotMatch(engine, Code(file)));
    }

    [Fact]
    public void Only_one_file_makes_what_only_its_owner_can_read()
    {
        var rights = new Regex("UnixFileMode|UnixCreateMode", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.All(
            Sources(Projects().Where(project => project != "MailClient")).Where(file => Path.GetFileName(file) != "PrivateFiles.cs"),
            file => Assert.DoesNotMatch(rights, Code(file)));
    }

    [Fact]
    public void Only_the_data_directory_knows_what_its_files_are_called()
    {
        var name = new Regex("\"(?:tls|logs|cert\\.pem|key\\.pem|mailserver\\.(?:json|lock|pid))\"", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.Matches(name, Code(Repository.PathOf("src", "MailServer", "DataDirectory.cs")));
        Assert.All(Sources(Projects()).Where(file => Path.GetFileName(file) != "DataDirectory.cs"), file => Assert.DoesNotMatch(name, Code(file)));
    }

    private static IEnumerable<string> Projects() => Directory.EnumerateDirectories(Repository.PathOf("src")).Select(path => Path.GetFileName(path));

    private static IEnumerable<string> Sources(params IEnumerable<string> projects) =>
        projects.SelectMany(project => Directory.EnumerateFiles(Repository.PathOf("src", project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    // Comments may speak of anything.
    private static string Code(string file) => string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
}
