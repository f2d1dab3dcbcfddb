namespace MailServer.Transcripts;

/// <summary>The transcripts beside this assembly.</summary>
internal static class TranscriptFiles
{
    public static TheoryData<string> All
    {
        get
        {
            var files = new[] { "Smtp", "Pop3" }.SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.txt").Select(file => $"{folder}/{Path.GetFileName(file)}"));
            return [.. files.Order(StringComparer.Ordinal)];
        }
    }

    public static Transcript Read(string file) =>
        TranscriptParser.Parse(file, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)));
}
