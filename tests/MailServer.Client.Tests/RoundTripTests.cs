using System.Text;
using MailClient.Mime;

namespace MailServer.Client.Tests;

public sealed class RoundTripTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mailclient-round-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Hello", "A text.")]
    [InlineData("", "")]
    [InlineData("Grüße aus Zürich 🏔 und ein langer Betreff, der über viele Zeilen und viele Zeichen geht, damit gefaltet wird", "Zeilen:\n.\n..\n.dot\nFrom here\n= gleich\nEnde mit Blank \n\tTab\t\n")]
    [InlineData("=?utf-8?Q?not_an_encoded_word?=", "=?utf-8?Q?x?=")]
    [InlineData("two  blanks and a very long line of words that has to be folded somewhere in the middle of it all", "x")]
    [InlineData("a subject of plain words that has to be folded somewhere in the middle of it all, because it is long", "--=_x\n--\n")]
    [InlineData("averylongwordaverylongwordaverylongwordaverylongwordaverylongwordaverylongwordaverylongword", "\0\x1B")]
    public async Task What_is_written_is_read(string subject, string body)
    {
        var octets = await Messages.WriteAsync(new("a@b.example", ["c@d.example", "e@f.example"], subject, body));
        var read = ReadableMessage.Read(octets);

        Assert.Equal(subject, read.Summary.Subject);
        Assert.Equal(body.TrimEnd('\n'), read.Text.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Equal(("a@b.example", "c@d.example, e@f.example"), (read.Summary.From, read.Summary.To));
        Assert.NotNull(read.Summary.Received);
        AssertGoesOverAnyWire(octets);
    }

    [Fact]
    public async Task Long_lines_and_any_character_come_back()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var body = new StringBuilder();
            for (var i = random.Next(3_000); i > 0; i--)
                body.Append(random.Next(12) switch { 0 => " ", 1 => "\n", 2 => "=", 3 => "é", 4 => "🌷", 5 => ".", 6 => "\t", _ => "abc" });
            var octets = await Messages.WriteAsync(new("a@b.example", ["c@d.example"], body.ToString(0, Math.Min(200, body.Length)).ReplaceLineEndings(" ").Replace('\t', ' ').Trim(), body.ToString()));
            Assert.Equal(body.ToString().TrimEnd('\n'), ReadableMessage.Read(octets).Text.ReplaceLineEndings("\n").TrimEnd('\n'));
            AssertGoesOverAnyWire(octets);
        }
    }

    [Theory]
    [InlineData("plain.pdf", 0)]
    [InlineData("Bericht März 2026 “final” 会議.csv", 1)]
    [InlineData("percent %41.txt", 57 * 1024)]
    [InlineData("semi;colon='x'.bin", (57 * 1024 * 3) + 56)]
    [InlineData("message.eml", 300)]
    public async Task An_attachment_comes_back_octet_for_octet_under_its_name(string name, int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var file = new FileInfo(Path.Combine(_folder.FullName, name));
        await File.WriteAllBytesAsync(file.FullName, content);
        var outgoing = new OutgoingMessage("a@b.example", ["c@d.example"], "s", "text\n") { Attachments = [file, file] };

        var octets = await Messages.WriteAsync(outgoing);
        var read = ReadableMessage.Read(octets);

        Assert.Equal("text", read.Text.TrimEnd());
        Assert.Equal(2, read.Attachments.Count);
        Assert.All(read.Attachments, attachment => Assert.Equal((SafeFileName.From(name, ""), length), (attachment.FileName, attachment.Octets)));
        Assert.Equal(content, read.Attachments[1].Part.Decode());
        Assert.InRange(octets.Length, 1, new MessageWriter(outgoing, TimeProvider.System).EstimatedOctets);
        AssertGoesOverAnyWire(octets);
    }

    [Fact]
    public async Task An_answer_names_what_it_answers_and_takes_no_field_from_there()
    {
        var octets = await Messages.WriteAsync(new OutgoingMessage("a@b.example", ["c@d.example"], "Re: x\r\nBcc: e@f", "")
        {
            InReplyTo = "<1@x>\r\nBcc: e@f",
            References = "<0@x> nonsense",
        });
        var text = Encoding.ASCII.GetString(octets);

        Assert.Contains("In-Reply-To: <1@x>\r\n", text, StringComparison.Ordinal);
        Assert.Contains("References: <0@x>\r\n <1@x>\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nBcc:", text, StringComparison.Ordinal);
    }

    private static void AssertGoesOverAnyWire(byte[] octets)
    {
        var text = Encoding.Latin1.GetString(octets);
        Assert.True(octets.All(octet => octet is < 0x80 and not 0), "7-bit, without NUL");
        Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 998 && !line.AsSpan().ContainsAny('\r', '\n'), "lines of RFC 5322 2.1.1"));
        Assert.All(text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n"), line => Assert.InRange(line.Length, 1, 100));
    }
}
