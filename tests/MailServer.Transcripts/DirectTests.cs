namespace MailServer.Transcripts;

/// <summary>Every transcript against the sessions themselves, with the client's octets cut in every way.</summary>
public sealed class DirectTests
{
    public static TheoryData<string> Files => TranscriptFiles.All;

    [Theory]
    [MemberData(nameof(Files))]
    public Task Played_whole(string file) => PlayAsync(file, Slicing.Whole);

    [Theory]
    [MemberData(nameof(Files))]
    public Task Played_octet_by_octet(string file) => PlayAsync(file, Slicing.OctetByOctet);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Played_in_random_slices(string file)
    {
        foreach (var seed in new[] { 1, 22, 333 })
            await PlayAsync(file, Slicing.Random(seed));
    }

    private static async Task PlayAsync(string file, Slicing slicing)
    {
        var transcript = TranscriptFiles.Read(file);
        await using var player = await DirectPlayer.StartAsync(transcript, slicing);
        await Performance.PlayAsync(transcript, player, $"direct, {slicing}");
    }
}
