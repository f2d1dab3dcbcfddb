using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Mail.Formats;

namespace MailServer.Core.Tests;

/// <summary>Line ends, names and notes of the formats that mail is moved in.</summary>
public sealed class FormatTests
{
    private static readonly Arbitrary<string> Texts =
        Gen.Elements("\n", "\r\n", "\r", "a", "bc").ListOf().Select(string.Concat).ToArbitrary();

    [Theory]
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    [InlineData("a\nb\r\n", "a\r\nb\r\n")]
    [InlineData("a\r\nb\nc\r\n", "a\r\nb\nc\r\n")]
    [InlineData("a", "a\r\n")]
    [InlineData("a\r", "a\r\r\n")]
    [InlineData("\n", "\r\n")]
    public void A_text_gets_CRLF_unless_its_first_line_has_it(string text, string expanded) => Assert.Equal(expanded, Expand(text, text.Length));

    [Fact]
    public void Line_ends_do_not_depend_on_the_blocks_that_a_text_comes_in() =>
        Prop.ForAll(Texts, text =>
        {
            var whole = Expand(text, text.Length);
            return Enumerable.Range(1, text.Length).All(size =>
                Expand(text, size) == whole && Contract(whole, size) == Contract(whole, whole.Length) && IsPlain(whole, size) == IsPlain(whole, whole.Length));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_plain_text_survives_LF_and_every_text_survives_as_it_is() =>
        Prop.ForAll(Texts, text =>
        {
            var stored = Expand(text, text.Length + 1);
            return Expand(IsPlain(stored, 3) ? Contract(stored, 3) : stored, 3) == stored;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1763699843.M123P4.box:2,FS", "1763699843.M123P4.box", true, false)]
    [InlineData("1763699843.M123P4.box;2,T", "1763699843.M123P4.box", false, true)]
    [InlineData("1763699843.M123P4.box!2,", "1763699843.M123P4.box", false, false)]
    [InlineData("1763699843.M123P4.box,S=12:2,S", "1763699843.M123P4.box,S=12", true, false)]
    [InlineData("odd", "odd", false, false)]
    public void A_name_in_a_Maildir_holds_flags(string fileName, string name, bool isRead, bool isDeleted)
    {
        var parsed = MaildirName.Parse(fileName);

        Assert.Equal((name, isRead, isDeleted), (parsed.Base, parsed.IsRead, parsed.IsDeleted));
    }

    [Fact]
    public void The_list_of_Dovecot_gives_order_and_unique_ids()
    {
        var list = DovecotUidList.Read(new StringReader("3 V1275660208 N25022 Gabc\n7 W12 Pold/uidl :b.box:2,S\n3 :a.box\nodd\n: \n"));

        Assert.Equal("old/uidl", list.UniqueIdOf(MaildirName.Parse("b.box:2,")));
        Assert.Equal("000000034c0907b0", list.UniqueIdOf(MaildirName.Parse("a.box:2,S")));
        Assert.Null(list.UniqueIdOf(MaildirName.Parse("c.box")));
        Assert.True(list.OrderOf(MaildirName.Parse("a.box")) < list.OrderOf(MaildirName.Parse("b.box")));
        Assert.Equal(long.MaxValue, list.OrderOf(MaildirName.Parse("c.box")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3\n1 :a\n")]
    [InlineData("3 V\n1 :a\n")]
    [InlineData("3 V99999999999 N1\n99999999999 :a\n")]
    public void A_list_that_is_odd_is_read_as_far_as_it_goes(string text) =>
        Assert.Null(DovecotUidList.Read(new MemoryStream(Encoding.Latin1.GetBytes(text))).UniqueIdOf(MaildirName.Parse("b")));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Our_fields_are_read_as_they_were_written(string lineEnd)
    {
        var fields = new MovedFields(new DateTimeOffset(2026, 11, 21, 4, 37, 23, 123, TimeSpan.Zero), "a~b", IsRead: true);
        var text = fields.Format(lineEnd);

        Assert.Equal(fields, MovedFields.TryParse(Octets.Of(text + "Subject: x"), out var length));
        Assert.Equal(text.Length, length);
        Assert.Null(MovedFields.TryParse(Octets.Of("A: b\n" + text), out length));
        Assert.Equal(0, length);
        Assert.Null(MovedFields.TryParse(Octets.Of(text.Replace("RO", "X", StringComparison.Ordinal)), out _));
    }

    [Theory]
    [InlineData("Status: RO\nX-UIDL: abc\n", "abc", true, false)]
    [InlineData("Status: O\nX-UIDL: has blank\n", null, false, false)]
    [InlineData("X-Mozilla-Status: 0001\n", null, true, false)]
    [InlineData("X-Mozilla-Status: 0009\n", null, true, true)]
    [InlineData("X-Status: AD\n", null, false, true)]
    [InlineData("Subject: x\n\nStatus: RO\n", null, false, false)]
    public void What_mail_programs_note_in_a_header_is_understood(string header, string? uniqueId, bool isRead, bool isDeleted)
    {
        var marks = HeaderMarks.Of(Octets.Of(header));

        Assert.Equal((uniqueId, isRead, isDeleted), (marks.UniqueId, marks.IsRead, marks.IsDeleted));
    }

    [Theory]
    [InlineData("Received: from a by b; Sat, 21 Nov 2026 04:37:23 +0000 (UTC)\nDate: Fri, 20 Nov 2026 00:00:00 +0000\n")]
    [InlineData("Received: from a\n\tby b;\n\tSat, 21 Nov 2026 05:37:23 +0100\n")]
    [InlineData("Received: by b\nDate: 21 Nov 2026 04:37:23 GMT\n")]
    public void A_header_tells_when_the_message_came(string header) =>
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 4, 37, 23, TimeSpan.Zero), HeaderMarks.Of(Octets.Of(header)).Date);

    private static string Expand(string text, int blockSize) => Through(text, blockSize, output =>
    {
        var expander = new LineEndExpander();
        return (block => expander.Write(block, output), () => expander.Finish(output));
    });

    private static string Contract(string text, int blockSize) => Through(text, blockSize, output =>
    {
        var contractor = new LineEndContractor();
        return (block => contractor.Write(block, output), () => { });
    });

    private static bool IsPlain(string text, int blockSize)
    {
        var survey = new LineEndSurvey();
        foreach (var block in Octets.Of(text).Chunk(Math.Max(1, blockSize)))
            survey.Observe(block);
        return survey.IsPlain;
    }

    private static string Through(string text, int blockSize, Func<ArrayBufferWriter<byte>, (Action<byte[]> Write, Action Finish)> start)
    {
        var output = new ArrayBufferWriter<byte>();
        var (write, finish) = start(output);
        foreach (var block in Octets.Of(text).Chunk(Math.Max(1, blockSize)))
            write(block);
        finish();
        return Octets.Text(output.WrittenSpan);
    }
}
