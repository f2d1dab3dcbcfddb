using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Wire;

namespace MailServer.Core.Tests;

public sealed class LineEndNormalizerTests
{
    [Theory]
    [InlineData("", "", false, false)]
    [InlineData("a", "a\r\n", false, false)]
    [InlineData("a\r\n", "a\r\n", false, false)]
    [InlineData("\r\n\r\n", "\r\n\r\n", false, false)]
    [InlineData("a\nb", "a\r\nb\r\n", true, false)]
    [InlineData("\n\n", "\r\n\r\n", true, false)]
    [InlineData("a\r\n.\n.\r\n", "a\r\n.\r\n.\r\n", true, false)]
    [InlineData("a\rb", "a\r\nb\r\n", false, true)]
    [InlineData("a\r\rb\r", "a\r\n\r\nb\r\n", false, true)]
    [InlineData("a\r", "a\r\n", false, true)]
    [InlineData("a\r\r\nb\r\r\r\n", "a\r\nb\r\n", false, true)]
    [InlineData("a\r\n\rb\n\r", "a\r\n\r\nb\r\n\r\n", true, true)]
    public void Every_kind_of_line_end_becomes_one_CRLF(string text, string expected, bool lineFeed, bool carriageReturn)
    {
        for (var size = 1; size <= text.Length + 1; size++)
        {
            var (found, normalizer) = Normalize(Encoding.Latin1.GetBytes(text), size);
            Assert.Equal(expected, Encoding.Latin1.GetString(found));
            Assert.Equal((lineFeed, carriageReturn), (normalizer.SawBareLineFeed, normalizer.SawBareCarriageReturn));
        }
    }

    [Fact]
    public void No_bare_CR_or_LF_is_left_and_what_has_none_is_not_touched()
    {
        var texts = Gen.Elements("\r", "\n", "\r\n", "a", ".", " ").ListOf().Select(pieces => string.Concat(pieces));
        Prop.ForAll(Arb.From(texts.SelectMany(text => Gen.Choose(1, 9).Select(size => (text, size)))), sample =>
        {
            var (found, _) = Normalize(Encoding.Latin1.GetBytes(sample.text), sample.size);
            var text = Encoding.Latin1.GetString(found);
            var rest = text.Replace("\r\n", "", StringComparison.Ordinal);
            var (again, normalizer) = Normalize(found, sample.size);
            return !rest.Contains('\r', StringComparison.Ordinal) && !rest.Contains('\n', StringComparison.Ordinal)
                && again.SequenceEqual(found) && !normalizer.SawBareLineFeed && !normalizer.SawBareCarriageReturn
                && (text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_run_of_CRs_of_any_length_waits_nowhere()
    {
        var (normalizer, output) = (new LineEndNormalizer(), new ArrayBufferWriter<byte>());
        normalizer.Write("\r\r"u8, output);
        Assert.True(normalizer.SawBareCarriageReturn);
        var written = output.WrittenCount;
        for (var i = 0; i < 1000; i++)
        {
            normalizer.Write(Enumerable.Repeat((byte)'\r', 1000).ToArray(), output);
            Assert.InRange(output.WrittenCount, 0, 4096);
            written += output.WrittenCount;
            output.ResetWrittenCount();
        }

        // Each became a line end, but for the last ones that still wait.
        Assert.InRange(written, 2 * (1_000_002 - 1024), 2 * 1_000_002);
    }

    private static (byte[] Octets, LineEndNormalizer Normalizer) Normalize(byte[] text, int size)
    {
        var (normalizer, output) = (new LineEndNormalizer(), new ArrayBufferWriter<byte>());
        foreach (var block in text.Chunk(size))
            normalizer.Write(block, output);
        normalizer.Finish(output);
        return (output.WrittenSpan.ToArray(), normalizer);
    }
}
