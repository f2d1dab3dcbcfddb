namespace MailServer.Transcripts;

/// <summary>The transcripts as a map: where each lies, and that its name alone finds it.</summary>
public sealed class TranscriptFilesTests
{
    [Fact]
    public void No_two_transcripts_of_a_protocol_have_one_name() =>
        Assert.All(
            TranscriptFiles.Names.GroupBy(TranscriptFiles.ShortNameOf, StringComparer.Ordinal),
            files => Assert.True(files.Count() == 1, $"{files.Key} is in more than one folder: {string.Join(", ", files)}"));

    [Fact]
    public void The_README_has_every_folder_of_transcripts_and_no_other()
    {
        var readme = File.ReadLines(Repository.PathOf("tests", "MailServer.Transcripts", "README.md"));
        Assert.Equal(
            TranscriptFiles.Names.Select(file => file[..file.LastIndexOf('/')]).Where(folder => folder.Contains('/', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            readme.SelectMany(FoldersOf).Order(StringComparer.Ordinal));
    }

    // A row of the table of folders begins with their names: | `Smtp/limits`, `Pop3/limits` | ... |
    private static IEnumerable<string> FoldersOf(string line) =>
        line.StartsWith("| `Smtp/", StringComparison.Ordinal) || line.StartsWith("| `Pop3/", StringComparison.Ordinal)
            ? line.Split('|')[1].Split(',').Select(name => name.Trim(' ', '`'))
            : [];
}
