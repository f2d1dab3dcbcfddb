using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Mail;
using MimeKit.Utils;

namespace MailServer.Core.Tests;

/// <summary>Encoded words are decoded as senders really write them, and never to other letters than they meant.</summary>
public sealed class EncodedWordTests
{
    // Octets that a word may have to carry, of one to four octets a character.
    private static readonly Arbitrary<(string Text, string Charset, int Size, bool IsBase64)> Words =
        (from pieces in Gen.Elements("a", " ", "=", "?", "_", "\u00E9", "\u20AC", "\u4F1A", "\U0001F389", "\u041F").ListOf()
         from charset in Gen.Elements("utf-8", "utf8", "gb18030")
         from size in Gen.Choose(1, 12)
         from isBase64 in Gen.Elements(true, false)
         select (string.Concat(pieces), charset, size, isBase64)).ToArbitrary();

    static EncodedWordTests() => MimeKitCharsets.Register();

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=?utf-8?q?caf=C3=A9?=", "caf\u00E9")]
    [InlineData("=?ISO-8859-1?Q?a_b=E9?= tail", "a b\u00E9 tail")]
    [InlineData("=?utf-8?B?w6k=?= =?utf-8?b?w6k=?=", "\u00E9\u00E9")]
    [InlineData("=?utf-8?q?a?=\t =?utf-8?q?b?= c", "ab c")]
    [InlineData("x =?utf-8?q?a?= y =?utf-8?q?b?=", "x a y b")]
    [InlineData("=?windows-1252?q?=80?=", "\u20AC")]
    [InlineData("=?iso-8859-1?q?=80?=", "\u20AC")]
    [InlineData("=?utf-8*en?q?x?=", "x")]
    [InlineData("=?utf8?q?=C3=A9?=", "\u00E9")]
    [InlineData("=?latin-1?q?=E9?=", "\u00E9")]
    [InlineData("=?cp1251?b?z/Do4uXy?=", "\u041F\u0440\u0438\u0432\u0435\u0442")]
    [InlineData("=?cp932?b?ie+LYw==?=", "\u4F1A\u8B70")]
    [InlineData("=?iso-2022-jp?b?GyRCMnEbKEI=?= =?iso-2022-jp?b?GyRCNUQbKEI=?=", "\u4F1A\u8B70")]
    [InlineData("=?nonsense?q?x?=", "=?nonsense?q?x?=")]
    [InlineData("=?utf-8?q?a?= =?nonsense?q?x?= =?utf-8?q?b?=", "a =?nonsense?q?x?= b")]
    [InlineData("=?utf-7?q?x?=", "=?utf-7?q?x?=")]
    [InlineData("=?utf-8?x?x?=", "=?utf-8?x?x?=")]
    [InlineData("=?utf-8?b?***?=", "=?utf-8?b?***?=")]
    [InlineData("=?utf-8?q?a?= =?utf-8?b?***?=", "a =?utf-8?b?***?=")]
    [InlineData("=?utf-8?q?open", "=?utf-8?q?open")]
    [InlineData("=?utf-8?q?open =?utf-8?q?whole?=", "=?utf-8?q?open whole")]
    [InlineData("=?utf-8?q?a=?=", "a=")]
    [InlineData("=?utf-8?q?is it??=", "is it?")]
    [InlineData("=?utf-8?q?a?==?utf-8?q?b?=", "ab")]
    [InlineData("=?utf-8?q??=", "")]
    [InlineData("=?", "=?")]
    [InlineData("=??=", "=??=")]
    [InlineData("=??q?x?=", "=??q?x?=")]
    [InlineData("=?a?", "=?a?")]
    [InlineData("=?a?q", "=?a?q")]
    public void Encoded_words_are_decoded_and_the_rest_stays(string value, string text)
    {
        Assert.Equal(text, EncodedWord.Decode(value));
        Assert.Equal(text, EncodedWord.Decode(Encoding.UTF8.GetBytes(value), declared: null));
    }

    [Theory]
    [InlineData("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "caf\u00E9")]
    [InlineData("=?utf-8?b?Y2Fmww==?= =?utf-8?b?qQ==?=", "caf\u00E9")]
    [InlineData("=?utf-8?b?Y2Fmww==?= =?utf8?q?=A9?=", "caf\u00E9")]
    [InlineData("=?utf-8?b?w6?= =?utf-8?b?k=?=", "\u00E9")]
    [InlineData("=?utf-8?b?w6k?=", "\u00E9")]
    [InlineData("=?utf-8?b?YQ?= =?utf-8?b?Yg?=", "ab")]
    [InlineData("=?utf-8?b?YQ==Yg==?=", "ab")]
    [InlineData("=?utf-8?b?Y Q?=", "a")]
    public void A_character_may_be_cut_by_two_words_and_base64_may_lack_its_padding(string value, string text) =>
        Assert.Equal(text, EncodedWord.Decode(value));

    [Theory]
    [InlineData("=?iso-8859-1?Q?Fr\u00F6sche?=", "Fr\u00F6sche")]
    [InlineData("=?iso-8859-1?Q?Fr\u00C3\u00B6sche?=", "Fr\u00F6sche")]
    [InlineData("=?koi8-r?Q?\u00F0\u00D2?=", "\u041F\u0440")]
    [InlineData("=?utf-8?Q?Fr\u00C3\u00B6sche?=", "Fr\u00F6sche")]
    [InlineData("=?utf-8?Q?Fr\u00F6sche?=", "Fr\u00F6sche")]
    [InlineData("=?shift_jis?Q?\u0089\u00EF?=", "\u4F1A")]
    [InlineData("\u00FC =?utf-8?Q?=C3=B6?= \u00FC", "\u00FC \u00F6 \u00FC")]
    public void Octets_of_eight_bits_in_and_beside_a_word_are_not_other_letters(string octets, string text) =>
        Assert.Equal(text, EncodedWord.Decode(Octets.Of(octets), declared: null));

    /// <summary>
    /// Any text that is encoded and cut at any octet comes back. MimeKit says so too, but for words that end within an octet of base64, which
    /// neither of us writes.
    /// </summary>
    [Fact]
    public void What_is_encoded_and_cut_anywhere_is_read_whole() => Prop.ForAll(Words, word =>
    {
        var charset = Charsets.Find(word.Charset)!;
        var pieces = charset.GetBytes(word.Text).Chunk(word.Size).Select(octets => word.IsBase64
            ? $"=?{word.Charset}?B?{Convert.ToBase64String(octets)}?="
            : $"=?{word.Charset}?Q?{string.Concat(octets.Select(octet => $"={octet:X2}"))}?=");
        var value = string.Join(' ', pieces);
        return EncodedWord.Decode(value) == word.Text && (word.Charset == "utf8" || Rfc2047.DecodeText(Octets.Of(value)) == word.Text);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decoding_encoded_words_takes_linear_time()
    {
        // A quadratic decoder would need hours for these.
        const int Many = 200_000;
        foreach (var piece in new[] { "=?utf-8?q?", "=?utf-8?b?*", "=?", "=?x", "=?x?q?y?=", "=?utf-8?b?AAAA", "=?utf-8?q?\u00E9?= ", "=?utf-8?q?a?= =?nonsense?q?b?=" })
            Assert.NotEmpty(EncodedWord.Decode(string.Concat(Enumerable.Repeat(piece, Many)) + "?="));
        Assert.Equal(Many, EncodedWord.Decode("=?utf-8?q?" + new string('x', Many) + "?=").Length);
    }
}
