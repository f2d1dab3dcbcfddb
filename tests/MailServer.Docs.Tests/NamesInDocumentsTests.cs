using System.Text.RegularExpressions;

namespace MailServer.Docs.Tests;

/// <summary>What the documents name exists: transcripts, test methods, source files, and the pages that they link to.</summary>
public sealed partial class NamesInDocumentsTests
{
    private static readonly Lazy<HashSet<string>> TestMethods = new(() =>
    [
        .. Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => TestMethod().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value),
    ]);

    [Theory]
    [InlineData("rfcs.md")]
    [InlineData("traps.md")]
    public void Every_transcript_test_and_file_that_a_document_names_exists(string document)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", document));
        var names = Quoted().Matches(text).Select(match => match.Groups["name"].Value).Where(IsName).Distinct(StringComparer.Ordinal).ToList();
        var links = Link().Matches(text).Select(match => $"docs/{match.Groups["path"].Value}");

        Assert.InRange(names.Count, 50, int.MaxValue);
        Assert.All(names, name => Assert.True(Exists(name), $"docs/{document} names {name}, which does not exist"));
        Assert.All(links, path => Assert.True(File.Exists(Repository.PathOf(path)), $"docs/{document} links to {path}, which does not exist"));
    }

    [Fact]
    public void Every_row_names_what_shows_it()
    {
        foreach (var document in new[] { "rfcs.md", "traps.md" })
        {
            var rows = File.ReadLines(Repository.PathOf("docs", document)).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal));
            Assert.All(
                rows.Where(row => !row.EndsWith("shown by |", StringComparison.Ordinal) && !row.EndsWith("our test |", StringComparison.Ordinal)),
                row => Assert.Matches(@"\| `[^|]+` \|$", row));
        }
    }

    [Fact]
    public void Every_RFC_that_a_transcript_shows_has_its_rows()
    {
        var rfcs = File.ReadAllText(Repository.PathOf("docs", "rfcs.md"));
        var shown = TranscriptTitles.All.Values.SelectMany(title => Rfc().Matches(title)).Select(match => match.Groups["number"].Value);
        Assert.All(shown.Distinct(StringComparer.Ordinal), number => Assert.Contains(number, rfcs, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_of_the_transcripts_has_every_folder_and_no_other() =>
        Assert.Equal(
            TranscriptTitles.Folders.Order(StringComparer.Ordinal),
            File.ReadLines(Repository.PathOf("tests", "MailServer.Transcripts", "README.md")).SelectMany(FoldersOf).Order(StringComparer.Ordinal));

    // A row of the table of folders begins with their names: | `Smtp/limits`, `Pop3/limits` | ... |
    private static IEnumerable<string> FoldersOf(string line) =>
        line.StartsWith("| `Smtp/", StringComparison.Ordinal) || line.StartsWith("| `Pop3/", StringComparison.Ordinal)
            ? line.Split('|')[1].Split(',').Select(name => name.Trim(' ', '`'))
            : [];

    // Commands, codes and settings are quoted too.
    private static bool IsName(string text) => !text.Contains(' ', StringComparison.Ordinal) && (text.EndsWith(".cs", StringComparison.Ordinal) || text.Contains('_', StringComparison.Ordinal) || Folder().IsMatch(text));

    private static bool Exists(string name) => name switch
    {
        _ when name.StartsWith("src/", StringComparison.Ordinal) => File.Exists(Repository.PathOf(name)),
        _ when name.EndsWith(".cs", StringComparison.Ordinal) => File.Exists(Repository.PathOf("src", "MailServer.Core", name)),
        _ when name.Contains('/', StringComparison.Ordinal) => TranscriptTitles.All.ContainsKey(name),
        _ => TestMethods.Value.Contains(name),
    };

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Link();

    [GeneratedRegex(@"\[\w*(Fact|Theory)\b.*\n(\s+\[.*\n)*\s+public (async )?(Task|void) (?<name>\w+)\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex TestMethod();

    [GeneratedRegex("^[A-Z][a-z0-9]+/[a-z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Folder();

    [GeneratedRegex("RFC (?<number>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Rfc();
}
