using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Wire;

namespace MailServer.Core.Tests;

public sealed class DotCodingTests
{
    // Texts of the pieces in which mistakes live, far denser than mail has them.
    private static readonly Arbitrary<string> Texts =
        Gen.Elements("\r\n", "\r\n", ".", ".", "..", "a", "xyz", "\r\n.\r\n", "\0", "é").ListOf()
            .Select(pieces => string.Concat(pieces) + "\r\n").ToArbitrary();

    [Fact]
    public void What_is_stuffed_and_decoded_is_the_same_text_wherever_it_is_cut() =>
        Prop.ForAll(Texts, text =>
        {
            var wire = Stuff(text, text.Length) + "behind";
            return Enumerable.Range(0, wire.Length).All(cut =>
            {
                var (decoded, rest, _) = Decode(wire, LineEnding.CrLf, cut);
                return decoded == text && rest == "behind";
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Stuffing_does_not_depend_on_the_blocks_that_a_text_comes_in() =>
        Prop.ForAll(Texts, text => Enumerable.Range(1, text.Length).All(size => Stuff(text, size) == Stuff(text, text.Length)))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData(".", "..\r\n.\r\n")]
    [InlineData(".\r\n", "..\r\n.\r\n")]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData("\r\n.\r\n", "\r\n..\r\n.\r\n")]
    [InlineData("a\n.b\r\n", "a\n..b\r\n.\r\n")]
    [InlineData("a\n.\n.\r\n", "a\n..\n..\r\n.\r\n")]
    [InlineData("a\r.\r\n", "a\r.\r\n.\r\n")]
    [InlineData("a\n", "a\n\r\n.\r\n")]
    [InlineData("a\r", "a\r\r\n.\r\n")]
    public void A_text_is_stuffed_after_every_LF_and_ends_on_a_line_of_its_own(string text, string wire)
    {
        for (var size = 1; size <= text.Length + 1; size++)
            Assert.Equal(wire, Stuff(text, size));
    }

    [Theory]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r\n.\n")]
    [InlineData("\r.\r")]
    [InlineData("\r\n.\r")]
    [InlineData("\r.\r\n")]
    [InlineData("\r\r\n.\r\r\n")]
    [InlineData("\r\n.\r\r\n")]
    [InlineData("\n\r.\r\n")]
    [InlineData("\r\n\0.\r\n")]
    [InlineData("\r\n.\0\r\n")]
    [InlineData("\r\0\n.\r\n")]
    [InlineData("\n.\n\r\n")]
    [InlineData("\r\n. \r\n")]
    public void Nothing_but_CRLF_dot_CRLF_ends_the_text(string ending)
    {
        var wire = $"text{ending}MAIL FROM:<smuggled@evil.test>\r\n";
        for (var cut = 0; cut <= wire.Length; cut++)
            Assert.False(Decode(wire, LineEnding.CrLf, cut).Decoder.IsComplete);
    }

    [Theory]
    [InlineData("a\nb\r\n.\r\n", "a\r\nb\r\n", false, true)]
    [InlineData("a\rb\r\n.\r\n", "a\rb\r\n", true, false)]
    [InlineData("a\r\r\n.\r\n", "a\r\r\n", true, false)]
    [InlineData("\n..x\r\n.\r\n", "\r\n..x\r\n", false, true)]
    [InlineData(".\r\n", "", false, false)]
    [InlineData("..\r\n.\r\n", ".\r\n", false, false)]
    [InlineData(".x\r\n.\r\n", "x\r\n", false, false)]
    [InlineData(".\rx\r\n.\r\n", "\rx\r\n", true, false)]
    public void Bare_line_ends_are_seen_wherever_the_text_is_cut(string wire, string text, bool sawCr, bool sawLf)
    {
        for (var cut = 0; cut <= wire.Length; cut++)
        {
            var (decoded, rest, decoder) = Decode(wire, LineEnding.CrLf, cut);
            Assert.Equal((text, "", true, sawCr, sawLf), (decoded, rest, decoder.IsComplete, decoder.SawBareCarriageReturn, decoder.SawBareLineFeed));
            Assert.Equal(text.Split("\r\n").Length - 1, decoder.Lines);
        }
    }

    [Theory]
    [InlineData("a\n.\n", "a\r\n")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData(".\n", "")]
    [InlineData("a\n..b\n.\n", "a\r\n.b\r\n")]
    public void Where_LF_ends_lines_a_lone_dot_does_too_and_the_text_has_CRLF(string wire, string text)
    {
        for (var cut = 0; cut <= wire.Length; cut++)
        {
            var (decoded, rest, decoder) = Decode(wire, LineEnding.Lf, cut);
            Assert.Equal((text, "", true), (decoded, rest, decoder.IsComplete));
            Assert.Equal(text.Split("\r\n").Length - 1, decoder.Lines);
        }
    }

    private static (string Text, string Behind, DotDecoder Decoder) Decode(string wire, LineEnding ending, int cut)
    {
        var decoder = new DotDecoder(ending);
        var sink = new TextBuffer();
        var input = Octets.Sequence(Octets.Of(wire), cut);
        var consumed = decoder.Decode(input, sink);
        return (sink.Text, Octets.Text(input.Slice(consumed).ToArray()), decoder);
    }

    private static string Stuff(string text, int blockSize)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new DotEncoder();
        foreach (var block in Octets.Of(text).Chunk(Math.Max(1, blockSize)))
            encoder.Write(block, output);
        encoder.Finish(output);
        return Octets.Text(output.WrittenSpan);
    }
}
