using Xunit.Sdk;

namespace MailServer.Transcripts;

/// <summary>The test of the tests: a transcript that is not kept fails, and says where and why.</summary>
public sealed class TranscriptFormatTests
{
    private const string Kept = """
        # Nothing in particular.  RFC 5321 4.1.1.9
        S: 220 mail.test *
        C: NOOP
        C: NOOP
        S: 250 2.0.0 *
        S: 250 2.0.0 OK
        """;

    public static TheoryData<string, string> Broken => new()
    {
        { "S: 250 2.0.0 OK", "S: 250 2.0.0 KO" },
        { "S: 250 2.0.0 OK", "" },
        { "S: 250 2.0.0 OK", "S: 250 2.0.0 OK\nS: 250 *" },
        { "S: 250 2.0.0 OK", "S: 250 2.0.0 OK\n@closed" },
        { "S: 250 2.0.0 OK", "S: 250 2.0.0 OK\n@stored bob 0" },
        { "S: 250 2.0.0 OK", "S: 250 2.0.0 OK\n@account bob" },
        { "S: 220 mail.test *", "" },
        { "S: 220 mail.test *", "S: 220 mail.test" },
        { "C: NOOP\nC: NOOP", "C: NOOP\nC: QUIT" },
        { "S: 250 2.0.0 *", "S+ mail" },
    };

    [Fact]
    public Task A_kept_transcript_passes() => PlayAsync(Kept);

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_transcript_that_is_not_kept_fails(string part, string instead)
    {
        Assert.Contains(part, Kept, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<XunitException>(() => PlayAsync(Kept.Replace(part, instead, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_failure_names_file_and_line_and_shows_the_conversation()
    {
        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => PlayAsync(Kept.Replace("S: 250 2.0.0 OK", "S: 354 *", StringComparison.Ordinal)));

        Assert.Equal(
            """
            Smtp/test.txt:6: Another line was expected
              # Nothing in particular.  RFC 5321 4.1.1.9
              played: direct, whole

                2  S: 220 mail.test ESMTP Service Ready
                3  C: NOOP
                4  C: NOOP
                5  S: 250 2.0.0 OK
                6  S: 250 2.0.0 OK
               !   expected S: 354 *

            """,
            failure.Message);
    }

    [Theory]
    [InlineData("no title")]
    [InlineData("# T\nX: what")]
    [InlineData("# T\n@given limit patience 3")]
    [InlineData("# T\n@stored bob 2\n| only one")]
    [InlineData("# T\nC: NOOP\n@given account late")]
    [InlineData("# T\nC~ {a}")]
    [InlineData("# T\nC~ \\q")]
    public void What_is_not_the_format_is_refused_with_file_and_line(string text) =>
        Assert.StartsWith("Smtp/test.txt:", Assert.Throws<FormatException>(() => TranscriptParser.Parse("Smtp/test.txt", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_transcript_says_where_what_it_shows_is_asked_for() =>
        Assert.All(TranscriptFiles.Names, name => Assert.Matches("  .*(RFC [0-9]+|Ours: )", TranscriptFiles.Read(name).Title));

    [Theory]
    [InlineData("a\\r\\n\\0\\t\\\\\\x7F", "a\r\n\0\t\\\x7f")]
    [InlineData("{ab*3}", "ababab")]
    [InlineData("{\\r\\n*2}\\{", "\r\n\r\n{")]
    [InlineData("\\xE9", "\u00e9")]
    [InlineData("\u00e9", "\u00c3\u00a9")]
    public void Escapes_stand_for_octets(string text, string latin) => Assert.Equal(latin, TranscriptOctets.ToLatin(TranscriptOctets.OfEscaped(text)));

    private static async Task PlayAsync(string text)
    {
        var transcript = TranscriptParser.Parse("Smtp/test.txt", text);
        await using var player = await DirectPlayer.StartAsync(transcript, Slicing.Whole);
        await Performance.PlayAsync(transcript, player, $"direct, {Slicing.Whole}");
    }
}
