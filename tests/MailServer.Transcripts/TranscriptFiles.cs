namespace MailServer.Transcripts;

/// <summary>The transcripts beside this assembly.</summary>
internal static class TranscriptFiles
{
    /// <summary>Folder and name of each, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. new[] { "Smtp", "Pop3" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.txt").Select(file => $"{folder}/{Path.GetFileName(file)}"))
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> All => [.. Names];

    /// <summary>Those that a socket can play.</summary>
    public static TheoryData<string> OverSockets => [.. Names.Where(file => !Read(file).IsDirectOnly)];

    /// <summary>Those that a socket under TLS can play.</summary>
    public static TheoryData<string> UnderTls => [.. Names.Where(file => Read(file) is { IsDirectOnly: false, IsPlain: false })];

    public static Transcript Read(string file) =>
        TranscriptParser.Parse(file, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)));
}
