namespace MailServer.Transcripts;

/// <summary>A transcript is found by its name alone.</summary>
public sealed class TranscriptFilesTests
{
    [Fact]
    public void No_two_transcripts_of_a_protocol_have_one_name() =>
        Assert.All(
            TranscriptFiles.Names.GroupBy(TranscriptFiles.ShortNameOf, StringComparer.Ordinal),
            files => Assert.True(files.Count() == 1, $"{files.Key} is in more than one folder: {string.Join(", ", files)}"));
}
