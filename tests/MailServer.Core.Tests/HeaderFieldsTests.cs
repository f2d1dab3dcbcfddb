using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Mail;
using MimeKit;

namespace MailServer.Core.Tests;

/// <summary>Fields are found in every header that mail programs have been seen to write, and as MimeKit finds them.</summary>
public sealed class HeaderFieldsTests
{
    // What MimeKit gives up on within a header, and we pass over as no field: a name with octets that are none of a name's.
    private static readonly Arbitrary<string> Headers =
        Gen.Elements(
                "Subject: a\r\n", "Subject : b\r\n", "SUBJECT\t \t:c\n", "subject:\r\n", " folded\r\n", "\tfold\n", " \r\n", "\t\n", "X: 1\r\n", "Subject-X: no\n",
                "no field\r\n", "no field: at all\n", "Sub ject: no\r\n", "From a@b Sat Nov 21 04:37:23 2026\n", ">From a@b\r\n", "--\r\n", "\r\n", "\n", "\r\r\n",
                "Subject: caf\u00E9\r\n", "Subject: caf\u00C3\u00A9\n", "X: ", "Subject: ", "a\r", "Received: from a\r\n\tby b;\r\n\tSat\r\n")
            .ListOf().Select(pieces => "First: 1\r\n" + string.Concat(pieces) + "\r\n").ToArbitrary();

    static HeaderFieldsTests() => MimeKitCharsets.Register();

    [Theory]
    [InlineData("Subject: a\r\n\r\nSubject: b\r\n", "a")]
    [InlineData("X: 1\r\nSUBJECT:\r\n\tfolded\r\n more\r\n\r\n", "folded more")]
    [InlineData("X: 1\r\n\r\nSubject: in the body\r\n", null)]
    [InlineData("X: 1\n\nSubject: in the body\n", null)]
    [InlineData("Subjects: no\r\n", null)]
    [InlineData("", null)]
    [InlineData("\r\nSubject: in the body\r\n", null)]
    [InlineData("Subject:", "")]
    [InlineData("Subject : a\r\n", "a")]
    [InlineData("X: 1\r\nSubject \t\t: a\r\n", "a")]
    [InlineData("Subject\r\n : a\r\n", null)]
    [InlineData("\u00EF\u00BB\u00BFSubject: a\r\n", "a")]
    [InlineData("Received: by a relay\r\n\u00EF\u00BB\u00BFSubject: a\r\n", "a")]
    [InlineData("From root@nas Mon Jan  5 10:00:00 2026\r\nSubject: Cron\r\n", "Cron")]
    [InlineData(">From root@nas Mon Jan  5 10:00:00 2026\nSubject: Cron\n", "Cron")]
    [InlineData("From root@nas Mon Jan  5 10:00:00 2026\n>From - Mon Jan  5 10:00:00 2026\nSubject: Cron\n", "Cron")]
    [InlineData(" a fold of nothing\r\nSubject: a\r\n", "a")]
    [InlineData("X: 1\r\n \r\nSubject: a\r\n \r\n\t\r\n b\r\n", "a \t b")]
    [InlineData("X: 1\r\nno field at all\r\nSubject: a\r\n", "a")]
    [InlineData("X: 1\r\nno field at all\r\n Subject: fold\r\nSubject: a\r\n", "a")]
    [InlineData("Subject: a\nX: mixed\r\n", "a")]
    [InlineData("Subject: cut off", "cut off")]
    [InlineData("Subject: cut\r", "cut")]
    [InlineData("X: 1\r\nSubj", null)]
    public void A_field_is_found_in_the_header_and_unfolded(string header, string? value) =>
        Assert.Equal(value, HeaderFields.Find(Octets.Of(header), "Subject"));

    [Fact]
    public void A_name_may_have_any_length_and_any_letter_case()
    {
        var name = "X-" + new string('n', 5_000);

        Assert.Equal("a", HeaderFields.Find(Octets.Of($"{name}: a\r\n"), name.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("Subject: a", "Subject")]
    [InlineData("Subject : a", "Subject")]
    [InlineData("Subject\t \t:", "Subject")]
    [InlineData("From : a", "From")]
    [InlineData("!#$~: a", "!#$~")]
    [InlineData("From a@b Mon Jan  5 10:00:00 2026", "")]
    [InlineData(">From a@b: c", "")]
    [InlineData("two words: a", "")]
    [InlineData("S\u00E4tze: a", "")]
    [InlineData("S\0: a", "")]
    [InlineData("S\u007F: a", "")]
    [InlineData(": a", "")]
    [InlineData(" : a", "")]
    [InlineData(" Subject: a", "")]
    [InlineData("Subject", "")]
    [InlineData("Subject ", "")]
    [InlineData("Subject\r\n: a", "")]
    [InlineData("", "")]
    public void A_line_begins_a_field_when_a_name_and_a_colon_stand_there(string line, string name) =>
        Assert.Equal(name, Octets.Text(HeaderFields.NameOf(Octets.Of(line))));

    [Theory]
    [InlineData("Subject: Gr\u00FC\u00DFe\r\n", "Gr\u00FC\u00DFe")]
    [InlineData("Subject: Gr\u00C3\u00BC\u00C3\u009Fe\r\n", "Gr\u00FC\u00DFe")]
    [InlineData("Subject: 3 \u0080\r\n", "3 \u20AC")]
    [InlineData("Content-Type: text/plain; charset=koi8-r\r\nSubject: \u00F0\u00D2\r\n", "\u041F\u0440")]
    [InlineData("Content-Type: text/plain; Charset = \"cp1251\"\r\nSubject: \u00CF\u00F0\r\n", "\u041F\u0440")]
    [InlineData("Content-Type: text/plain; charset=utf-8\r\nSubject: Gr\u00FC\u00DFe\r\n", "Gr\u00FC\u00DFe")]
    [InlineData("Content-Type: text/plain; charset=nonsense\r\nSubject: Gr\u00FC\u00DFe\r\n", "Gr\u00FC\u00DFe")]
    [InlineData("Content-Type: text/plain; charset=koi8-r\r\nSubject: \u00C3\u00BC\r\n", "\u00FC")]
    [InlineData("Content-Type: text/plain; charset\r\nSubject: \u00FC\r\n", "\u00FC")]
    public void A_value_of_eight_bits_is_UTF_8_or_what_the_body_is_or_Windows_1252(string header, string value) =>
        Assert.Equal(value, HeaderFields.Find(Octets.Of(header), "Subject"));

    [Theory]
    [InlineData("utf8", "utf-8")]
    [InlineData("UTF_8", "utf-8")]
    [InlineData("cp65001", "utf-8")]
    [InlineData("latin-1", "windows-1252")]
    [InlineData("iso-8859-1", "windows-1252")]
    [InlineData("iso88591", "windows-1252")]
    [InlineData("us-ascii", "windows-1252")]
    [InlineData("latin-2", "iso-8859-2")]
    [InlineData("iso8859_2", "iso-8859-2")]
    [InlineData("latin-5", "windows-1254")]
    [InlineData("latin-9", "iso-8859-15")]
    [InlineData("cp1251", "windows-1251")]
    [InlineData("windows1251", "windows-1251")]
    [InlineData("cp932", "shift_jis")]
    [InlineData("ms_kanji", "shift_jis")]
    [InlineData("gb2312", "gb18030")]
    [InlineData("cp936", "gb18030")]
    [InlineData("euc_kr", "euc-kr")]
    [InlineData("ks_c_5601", "ks_c_5601-1987")]
    [InlineData("big5-hkscs", "big5")]
    [InlineData("tis-620", "windows-874")]
    [InlineData("utf-7", null)]
    [InlineData("cp0", null)]
    [InlineData("cp99999999999", null)]
    [InlineData("latin-0", null)]
    [InlineData("latin-11", null)]
    [InlineData("", null)]
    public void A_charset_is_known_by_all_its_names(string name, string? charset) => Assert.Equal(charset, Charsets.Find(name)?.WebName);

    /// <summary>
    /// MimeKit keeps a line that is no field as a field without a name, and goes on behind it: so do we. It gives up where the first line
    /// is none or a name has an octet that none may have; there is nothing to compare then, and we look further. Its lines of one CR more
    /// than CRLF are no end of the header in either.
    /// </summary>
    [Fact]
    public void Fields_are_found_as_MimeKit_finds_them() => Prop.ForAll(Headers, header =>
    {
        var octets = Octets.Of(header);
        return new[] { "First", "Subject", "X", "Received", "From", "Subject-X", "Sub" }.All(name =>
            HeaderFields.FindOctets(octets, name) is var ours
            && MimeKitFinds(octets, name) is var theirs
            && (ours is null ? theirs is null : theirs is not null && ours.AsSpan().SequenceEqual(theirs)));
    }).QuickCheckThrowOnFailure();

    private static byte[]? MimeKitFinds(byte[] octets, string name)
    {
        using var stream = new MemoryStream(octets);
        var field = HeaderList.Load(stream).FirstOrDefault(field => field.Field.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
        return field is null
            ? null
            : Octets.Of(Octets.Text(field.RawValue).Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Trim(' ', '\t'));
    }
}
