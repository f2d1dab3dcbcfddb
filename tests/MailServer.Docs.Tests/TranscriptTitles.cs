namespace MailServer.Docs.Tests;

/// <summary>The transcripts as documents name them: by protocol and name, <c>Smtp/noop-changes-nothing</c>, whatever folder they lie in.</summary>
internal static class TranscriptTitles
{
    private static readonly string Folder = Repository.PathOf("tests", "MailServer.Transcripts");

    /// <summary>The first line of each transcript.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        Files().ToDictionary(file => $"{Protocol(file)}/{Path.GetFileNameWithoutExtension(file)}", file => File.ReadLines(file).First(), StringComparer.Ordinal);

    /// <summary>The folders of subjects, as in <c>Smtp/rcpt</c>.</summary>
    public static IReadOnlySet<string> Folders { get; } = Files()
        .Select(file => Path.GetRelativePath(Folder, Path.GetDirectoryName(file)!).Replace('\\', '/'))
        .Where(folder => folder.Contains('/', StringComparison.Ordinal))
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Files() =>
        new[] { "Smtp", "Pop3" }.SelectMany(protocol => Directory.EnumerateFiles(Path.Combine(Folder, protocol), "*.txt", SearchOption.AllDirectories));

    private static string Protocol(string file) => Path.GetRelativePath(Folder, file)[..4];
}
