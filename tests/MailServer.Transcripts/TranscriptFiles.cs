namespace MailServer.Transcripts;

/// <summary>The transcripts beside this assembly.</summary>
internal static class TranscriptFiles
{
    /// <summary>Path of each from here, in order: the protocol's folder, the subject's, and the name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. new[] { "Smtp", "Pop3" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.txt", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> All => [.. Names];

    /// <summary>Those that a socket can play.</summary>
    public static TheoryData<string> OverSockets => [.. Names.Where(file => !Read(file).IsDirectOnly)];

    /// <summary>Those that a socket under TLS can play.</summary>
    public static TheoryData<string> UnderTls => [.. Names.Where(file => Read(file) is { IsDirectOnly: false, IsPlain: false })];

    /// <summary>What documents call a transcript: its protocol and its name, as in <c>Smtp/noop-changes-nothing</c>.</summary>
    public static string ShortNameOf(string file) => $"{file[..file.IndexOf('/', StringComparison.Ordinal)]}/{Path.GetFileNameWithoutExtension(file)}";

    public static Transcript Read(string file) =>
        TranscriptParser.Parse(file, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)));
}
