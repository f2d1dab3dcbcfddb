using System.Buffers;
using MailServer.Core.Wire;

namespace MailServer.Core.Tests;

public sealed class LineFramerTests
{
    private const int Limit = 20;

    [Theory]
    [InlineData(Limit - 1, FrameKind.Line)]
    [InlineData(Limit, FrameKind.Line)]
    [InlineData(Limit + 1, FrameKind.TooLong)]
    public void A_line_may_have_as_many_octets_as_the_limit_its_end_included(int octets, FrameKind expected) =>
        Assert.Equal(expected, Frames(new string('a', octets - 2) + "\r\n").Single().Kind);

    [Theory]
    [InlineData("NOOP\r\nQUIT\r\n", new[] { "NOOP", "QUIT" })]
    [InlineData("\r\n", new[] { "" })]
    [InlineData("a\r\r\nb\r\n", new[] { "a\r", "b" })]
    [InlineData("a\r\nb\nc\r\n", new[] { "a", "b\nc" })]
    [InlineData("a\r\nlonger than the limit is\r\nb\r\n", new[] { "a", "?", "b" })]
    public void Only_CRLF_ends_a_line_once_the_first_one_did(string wire, string[] lines) => Assert.Equal(lines, Texts(wire));

    [Theory]
    [InlineData("a\nb\r\nc\n", new[] { "a", "b", "c" })]
    [InlineData("\n\n", new[] { "", "" })]
    public void LF_ends_every_line_once_it_ended_the_first(string wire, string[] lines) => Assert.Equal(lines, Texts(wire));

    [Fact]
    public void A_bare_LF_is_refused_where_the_client_may_not_use_it() =>
        Assert.Equal(FrameKind.BareLineFeed, new LineFramer(acceptsBareLineFeed: false, 1000).Next(Octets.Sequence(Octets.Of("HELO x\n")), Limit).Kind);

    [Fact]
    public void The_line_behind_a_long_one_is_read_as_usual() =>
        Assert.Equal(["?", "NOOP"], Texts(new string('a', 100) + "\r\nNOOP\r\n"));

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    public void A_line_that_never_ends_is_given_up(int octets, bool isGivenUp)
    {
        var framer = new LineFramer(acceptsBareLineFeed: true, unendedLimit: 1000);
        var last = FrameKind.Incomplete;
        foreach (var block in Octets.Of(new string('a', octets)).Chunk(100))
            last = framer.Next(new(block), Limit).Kind;
        // The last block is dropped once it reaches the line's limit; one octet alone waits for company.
        if (octets % 100 == 1)
            last = framer.Next(new(Octets.Of(new string('a', Limit))), Limit).Kind;
        Assert.Equal(isGivenUp ? FrameKind.Unended : FrameKind.Incomplete, last);
    }

    [Theory]
    [InlineData(Limit - 1, 0)]
    [InlineData(Limit, Limit)]
    public void A_line_is_dropped_as_soon_as_it_cannot_end_within_the_limit(int octets, int dropped)
    {
        var input = Octets.Sequence(Octets.Of(new string('a', octets)));
        var frame = new LineFramer(acceptsBareLineFeed: true, 1000).Next(input, Limit);
        Assert.Equal((FrameKind.Incomplete, (long)dropped), (frame.Kind, input.Slice(0, frame.Consumed).Length));
    }

    [Theory]
    [InlineData(1000, "\r", FrameKind.Incomplete)]
    [InlineData(1001, "", FrameKind.Unended)]
    [InlineData(1000, "", FrameKind.Incomplete)]
    public void A_CR_that_may_be_half_of_a_line_end_is_not_counted(int octets, string end, FrameKind kind) =>
        Assert.Equal(kind, new LineFramer(acceptsBareLineFeed: true, 1000).Next(new(Octets.Of(new string('a', octets) + end)), Limit).Kind);

    private static string[] Texts(string wire) => [.. Frames(wire).Select(frame => frame.Text)];

    // Fed whole and octet by octet, with the same outcome.
    private static List<(FrameKind Kind, string Text)> Frames(string wire)
    {
        var whole = Feed(wire, wire.Length);
        Assert.Equal(whole, Feed(wire, 1));
        return whole;
    }

    private static List<(FrameKind Kind, string Text)> Feed(string wire, int step)
    {
        var framer = new LineFramer(acceptsBareLineFeed: true, unendedLimit: 1000);
        var frames = new List<(FrameKind, string)>();
        var start = 0;
        for (var end = Math.Min(step, wire.Length); end <= wire.Length; end += step)
        {
            while (start < end)
            {
                var input = Octets.Sequence(Octets.Of(wire[start..end]));
                var frame = framer.Next(input, Limit);
                start += (int)input.Slice(0, frame.Consumed).Length;
                if (frame.Kind == FrameKind.Incomplete)
                    break;
                frames.Add((frame.Kind, frame.Kind == FrameKind.Line ? Octets.Text(frame.Line.ToArray()) : "?"));
            }
        }

        return frames;
    }
}
