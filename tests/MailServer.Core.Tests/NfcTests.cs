using System.Globalization;
using System.Text;
using MailServer.Core.Accounts;

namespace MailServer.Core.Tests;

/// <summary>Our normalization is Unicode's, whether or not ICU is installed.</summary>
public sealed class NfcTests
{
    [Theory]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("\u212bngstro\u0308m", "\u00c5ngstr\u00f6m")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("\ud558\u11ab", "\ud55c")]
    [InlineData("a\u0323\u0307", "\u1ea1\u0307")]
    [InlineData("a\u0307\u0323", "\u1ea1\u0307")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u1fd3", "\u0390")]
    [InlineData("\ufb2c", "\u05e9\u05bc\u05c1")]
    [InlineData("\ud84a\udc4a\uf900", "\ud84a\udc4a\u8c48")]
    [InlineData("\u0308", "\u0308")]
    [InlineData("a\u200d\u0308", "a\u200d\u0308")]
    [InlineData("bob", "bob")]
    [InlineData("", "")]
    public void A_text_has_one_form(string text, string composed)
    {
        Assert.Equal(composed, Nfc.Of(text));
        Assert.Equal(composed, Nfc.Of(composed));
    }

    [Fact]
    public void It_is_the_form_that_ICU_gives()
    {
        // Without ICU the library gives back what it is given.
        if ("e\u0308".Normalize() != "\u00eb")
            return;
        var random = new Random(1);
        var others = new List<string>();
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            if (!Rune.IsValid(point) || IsNewerThanSome(point) || Rune.GetUnicodeCategory(new Rune(point)) == UnicodeCategory.OtherNotAssigned)
                continue;
            var text = new Rune(point).ToString();
            var mixed = "e" + text + "\u0323" + text + "\u0301" + (char)random.Next(0x300, 0x370) + (char)random.Next(0x1100, 0x1200) + "\u1161\u11a8";
            foreach (var decomposed in new[] { text, text.Normalize(NormalizationForm.FormD), mixed, mixed.Normalize(NormalizationForm.FormD) })
            {
                if (Nfc.Of(decomposed) != decomposed.Normalize())
                    others.Add($"U+{point:X4}");
            }
        }

        Assert.Empty(others.Distinct());
    }

    // Came with Unicode 16 and 17, of which the ICU of this machine may not know.
    private static bool IsNewerThanSome(int point) =>
        point is 0x897 or (>= 0x1ACF and <= 0x1AEB) or (>= 0x105C9 and <= 0x105E4) or (>= 0x10D69 and <= 0x10D6D) or (>= 0x10EFA and <= 0x10EFC)
            or (>= 0x11380 and <= 0x113E2) or (>= 0x11F5A and <= 0x11F5A) or (>= 0x16100 and <= 0x1612F) or (>= 0x16D40 and <= 0x16D6F) or (>= 0x1E5EE and <= 0x1E5EF) or (>= 0x1E6E0 and <= 0x1E6FF);
}
