using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Mail.Formats;
using MailServer.Core.Wire;

namespace MailServer.Core.Tests;

/// <summary>Line ends, names and notes of the formats that mail is moved in.</summary>
public sealed class MailFormatTests
{
    private static readonly Arbitrary<string> Texts =
        Gen.Elements("\n", "\r\n", "\r", "a", "bc").ListOf().Select(string.Concat).ToArbitrary();

    [Fact]
    public void A_text_of_mail_that_is_written_with_LF_is_had_back_in_whatever_blocks_it_comes() => Prop.ForAll(Texts, text =>
    {
        var stored = Normalize(text, text.Length);
        var written = Contract(stored, stored.Length);
        return !written.Contains('\r', StringComparison.Ordinal)
            && Enumerable.Range(1, stored.Length).All(size => Contract(stored, size) == written && Normalize(written, size) == stored);
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
        var fields = new ExportHeader(new DateTimeOffset(2026, 11, 21, 4, 37, 23, 123, TimeSpan.Zero), "a~b", IsRead: true);
        var text = fields.Format(lineEnd);

        Assert.Equal(fields, ExportHeader.TryParse(Octets.Of(text + "Subject: x"), out var length));
        Assert.Equal(text.Length, length);
        Assert.Null(ExportHeader.TryParse(Octets.Of("A: b\n" + text), out length));
        Assert.Equal(0, length);
        Assert.Null(ExportHeader.TryParse(Octets.Of(text.Replace("RO", "X", StringComparison.Ordinal)), out _));
    }

    [Theory]
    [InlineData("Status: RO\nX-UIDL: abc\n", "abc", true, false)]
    [InlineData("Status : RO\nX-UIDL : abc\n", "abc", true, false)]
    [InlineData("Status: O\nX-UIDL: has blank\n", null, false, false)]
    [InlineData("X-Mozilla-Status: 0009\n", null, false, false)]
    [InlineData("X-Status: AD\n", null, false, true)]
    [InlineData("Subject: x\n\nStatus: RO\n", null, false, false)]
    public void What_programs_note_in_an_mbox_is_understood(string header, string? uniqueId, bool isRead, bool isDeleted)
    {
        var marks = HeaderMarks.Of(Octets.Of(header), MailSource.Mbox);

        Assert.Equal((uniqueId, isRead, isDeleted), (marks.UniqueId, marks.IsRead, marks.IsDeleted));
    }

    [Theory]
    [InlineData("X-Mozilla-Status: 0000\n", false, false)]
    [InlineData("X-Mozilla-Status: 0001\n", true, false)]
    [InlineData("X-Mozilla-Status: 0009\n", true, true)]
    [InlineData("X-Mozilla-Status: 0001\nX-Status: D\n", true, false)]
    [InlineData("X-Mozilla-Status: 0000\nStatus: RO\n", false, false)]
    [InlineData("X-Mozilla-Status: odd\nStatus: RO\n", true, false)]
    [InlineData("Status: RO\n", true, false)]
    public void What_Thunderbird_notes_in_its_mbox_is_understood(string header, bool isRead, bool isDeleted)
    {
        var marks = HeaderMarks.Of(Octets.Of(header), MailSource.MozillaMbox);

        Assert.Equal((isRead, isDeleted), (marks.IsRead, marks.IsDeleted));
    }

    [Theory]
    [InlineData(MailSource.File)]
    [InlineData(MailSource.Maildir)]
    public void Outside_of_an_mbox_such_fields_are_the_senders(MailSource source) =>
        Assert.Equal(HeaderMarks.None, HeaderMarks.Of(Octets.Of("Status: RO\nX-Status: D\nX-Mozilla-Status: 0009\nX-UIDL: abc\n"), source));

    [Theory]
    [InlineData("Received: from a by b; Sat, 21 Nov 2026 04:37:23 +0000 (UTC)\nDate: Fri, 20 Nov 2026 00:00:00 +0000\n")]
    [InlineData("Received: from a\n\tby b;\n\tSat, 21 Nov 2026 05:37:23 +0100\n")]
    [InlineData("Received: by b\nDate: 21 Nov 2026 04:37:23 GMT\n")]
    [InlineData("Received : from a by b; Fri, 20 Nov 2026 23:37:23 EST\n")]
    [InlineData("Received: ; Sat Nov 21 00:37:23 2026 -0400\n")]
    [InlineData("Received: from a by b; yesterday\nDate: Sat Nov 21 04:37:23 2026\n")]
    [InlineData("Received: from a by b; Sat, 21 Nov 2026 04:37:23 +0000 (x; y)\n")]
    [InlineData("Received: from a by b; Sat, 21 Nov 2026 04:37:23 +0000 (x (y; z); \\); \"w)\n")]
    [InlineData("Received: from \"a; (\\\"; b\" by b; Sat, 21 Nov 2026 04:37:23 +0000 (\";)\n")]
    [InlineData("Received: from a (c; d) by b; Sat, 21 Nov 2026 04:37:23 +0000 (x; open\n")]
    [InlineData("Received: from a (open by b; Sat, 21 Nov 2026 04:37:23 +0000\n")]
    [InlineData("Received: from \"open by b; Sat, 21 Nov 2026 04:37:23 +0000\n")]
    [InlineData("Received: from a by b (x; Fri, 20 Nov 2026 00:00:00 +0000 (y))\nDate: Sat, 21 Nov 2026 04:37:23 +0000 (a (b) c)\n")]
    public void A_header_tells_when_the_message_came(string header) =>
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 4, 37, 23, TimeSpan.Zero), HeaderMarks.DateOf(Octets.Of(header)));

    private static string Normalize(string text, int blockSize) => Through(text, blockSize, output =>
    {
        var lineEnds = new LineEndNormalizer();
        return (block => lineEnds.Write(block, output), () => lineEnds.Finish(output));
    });

    private static string Contract(string text, int blockSize) => Through(text, blockSize, output =>
    {
        var contractor = new LineEndContractor();
        return (block => contractor.Write(block, output), () => { });
    });

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
