namespace MailServer.Transcripts;

/// <summary>Every transcript over TCP against the whole program.</summary>
public sealed class SocketTests
{
    public static TheoryData<string> Files => TranscriptFiles.OverSockets;

    [Theory]
    [MemberData(nameof(Files))]
    public Task Played_over_TCP(string file) => PlayAsync(file, isEncrypted: false, "TCP");

    internal static async Task PlayAsync(string file, bool isEncrypted, string player)
    {
        var transcript = TranscriptFiles.Read(file);
        await using var server = await SocketPlayer.StartAsync(transcript, isEncrypted);
        await Performance.PlayAsync(transcript, server, player);
    }
}

/// <summary>Every transcript under TLS against the whole program; a class of its own runs beside the other.</summary>
public sealed class TlsTests
{
    public static TheoryData<string> Files => TranscriptFiles.UnderTls;

    [Theory]
    [MemberData(nameof(Files))]
    public Task Played_over_TLS(string file) => SocketTests.PlayAsync(file, isEncrypted: true, "TLS");
}
