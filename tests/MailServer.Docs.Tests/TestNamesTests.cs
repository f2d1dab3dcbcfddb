using System.Text.RegularExpressions;

namespace MailServer.Docs.Tests;

/// <summary>Tests are found by their names: the class, its file, and what documents call it.</summary>
public sealed partial class TestNamesTests
{
    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
    ];

    [Fact]
    public void A_file_of_tests_is_named_for_a_class_whose_name_ends_in_Tests()
    {
        var files = Files.Where(file => Test().IsMatch(File.ReadAllText(file))).ToList();
        Assert.InRange(files.Count, 100, int.MaxValue);
        Assert.All(files, file =>
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.EndsWith("Tests", name, StringComparison.Ordinal);
            Assert.Matches($@"\bclass {name}\b", File.ReadAllText(file));
        });
    }

    [Fact]
    public void No_two_files_have_one_name() =>
        Assert.All(
            Files.GroupBy(file => Path.GetFileName(file)).Where(files => files.Key != "Program.cs"),
            files => Assert.True(files.Count() == 1, string.Join(" and ", files)));

    [Fact]
    public void Every_class_of_tests_that_a_document_names_exists()
    {
        var names = Files.Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet(StringComparer.Ordinal);
        var named = Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Concat([Repository.PathOf("CONTRIBUTING.md"), Repository.PathOf("README.md"), Repository.PathOf("tests", "README.md")])
            .SelectMany(file => Quoted().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value)
            .ToList();
        Assert.InRange(named.Count, 20, int.MaxValue);
        Assert.All(named, name => Assert.Contains(name, names));
    }

    [GeneratedRegex(@"^\s+\[\w*(Fact|Theory)\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Test();

    [GeneratedRegex(@"`(?<name>\w+Tests)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Quoted();
}
