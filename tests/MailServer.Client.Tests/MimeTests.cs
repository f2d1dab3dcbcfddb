using System.Text;
using MailClient.Mime;

namespace MailServer.Client.Tests;

public sealed class MimeTests
{
    [Theory]
    [InlineData("Subject: x\n\nplain\n", "plain")]
    [InlineData("\nno header\n", "no header")]
    [InlineData("Subject: no body", "")]
    [InlineData("", "")]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe=\n!=20 \nx =3D y=\n", "Grüße! \nx = y")]
    [InlineData("Content-Type: text/plain; charset=\"UTF-8\"\nContent-Transfer-Encoding: BASE64\n\nR3LDvMOf\nZQ==\n", "Grüße")]
    [InlineData("Content-Transfer-Encoding: base64\n\nR3LDvMOf!ZQ", "Grüße")]
    [InlineData("Content-Type: text/plain; charset=koi8-r\n\n\xF0\xD2\xC9\xD7\xC5\xD4\n", "Привет")]
    [InlineData("Content-Type: text/plain; charset=windows-1252\n\n\x80 5\n", "€ 5")]
    [InlineData("Content-Type: text/plain; charset=no-such\n\nGr\xC3\xBC\xC3\x9F\x65\n", "Grüße")]
    [InlineData("Content-Type: text/plain; charset=utf-7\n\n+ADw-b\n", "+ADw-b")]
    [InlineData("Content-Type: text/plain\n\nGr\xFC\xDF\x65\n", "Grüße")]
    [InlineData("Content-Type: nonsense\n\ntext\n", "text")]
    [InlineData("Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n=ZZ =4\n", "=ZZ =4")]
    [InlineData("Content-Type: text/html\n\n<p>a<br>b</p>\n", "a\nb")]
    public void A_text_is_decoded(string message, string text) => Assert.Equal(text, Messages.Read(message).Text.ReplaceLineEndings("\n").TrimEnd('\n'));

    [Fact]
    public void Nested_multiparts_give_their_plain_text_and_every_attachment()
    {
        var message = Messages.Read("""
            Content-Type: multipart/mixed; boundary=outer

            preamble
            --outer
            Content-Type: multipart/alternative; boundary="in ner"

            --in ner
            Content-Type: text/plain

            plain
            --in ner
            Content-Type: multipart/related; boundary=deep

            --deep
            Content-Type: text/html

            <b>html</b>
            --deep
            Content-Type: image/png; name=logo.png

            png
            --deep--
            --in ner--  
            epilogue
            --outer
            Content-Disposition: attachment; filename=a.txt

            attached
            --outer
            Content-Type: message/rfc822

            Subject: inner

            --outer
            second text
            --outer--
            after
            """);

        Assert.Equal("plain", message.Text);
        Assert.Equal(["logo.png", "a.txt", "attachment-3.eml"], message.Attachments.Select(attachment => attachment.FileName));
        Assert.Equal("attached", Encoding.UTF8.GetString(message.Attachments[1].Part.Decode()));
    }

    [Fact]
    public void Html_alone_is_shown_as_text_and_an_unclosed_multipart_ends_with_the_message()
    {
        var message = Messages.Read("Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<i>x</i>\n--b\nContent-Type: text/calendar\n\nBEGIN\n");

        Assert.Equal("x", message.Text);
        Assert.Equal("attachment-1.ics", Assert.Single(message.Attachments).FileName);
    }

    [Theory]
    [InlineData("attachment; filename=plain.txt", "plain.txt")]
    [InlineData("attachment; filename=\"with \\\"quotes\\\"; and.txt\"", "with _quotes_; and.txt")]
    [InlineData("attachment; filename*=utf-8'de'%C3%BCber%20alles.txt", "über alles.txt")]
    [InlineData("attachment; filename*=iso-8859-1''%FCber.txt; filename=other.txt", "über.txt")]
    [InlineData("attachment; filename*1=b.txt; filename*0=\"a \"", "a b.txt")]
    [InlineData("attachment; filename*0*=utf-8''%E2%82; filename*1*=%AC; filename*2=.txt", "€.txt")]
    [InlineData("attachment; filename*0=a; filename*2=c", "a")]
    [InlineData("attachment; filename=\"=?utf-8?Q?=C3=BCber.txt?=\"", "über.txt")]
    [InlineData("attachment; filename=first; filename=second", "first")]
    [InlineData("attachment; filename*99999999999=x", "attachment-1")]
    [InlineData("attachment; filename*=''; ; =; filename", "attachment-1")]
    [InlineData("attachment; filename=\"unclosed", "unclosed")]
    public void A_file_name_is_read_in_every_form(string disposition, string name)
    {
        var message = Messages.Read($"Content-Type: application/x\nContent-Disposition: {disposition}\n\nx\n");
        Assert.Equal(name, Assert.Single(message.Attachments).FileName);
    }

    [Theory]
    [InlineData("Sat, 21 Nov 2026 04:37:23 +0100", "2026-11-21T03:37:23Z")]
    [InlineData("21 Nov 26 04:37 GMT (comment (nested))", "2026-11-21T04:37:00Z")]
    [InlineData("Sat, 1 Nov 2026 4:07:23 EST", "2026-11-01T09:07:23Z")]
    [InlineData("yesterday", null)]
    [InlineData("((((", null)]
    public void A_date_is_read(string value, string? date) =>
        Assert.Equal(date is null ? null : DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture), MailDate.TryParse(value));

    [Theory]
    [InlineData("Alice <alice@x.org>", "", "alice@x.org")]
    [InlineData("alice@x.org", "", "alice@x.org")]
    [InlineData("Alice <alice@x.org>", "List <list@x.org>", "list@x.org")]
    [InlineData("Alice <a@x.org>\\r\\nRCPT TO:<b@x.org>", "", "b@x.org")]
    [InlineData("nobody", "", null)]
    public void The_address_to_answer_is_one_that_can_be_written_to(string from, string replyTo, string? address) =>
        Assert.Equal(address, MessageSummary.Read(Messages.Octets($"From: {from}\nReply-To: {replyTo}\n\n")).ReplyAddress());

    [Fact]
    public void The_date_received_is_that_of_the_topmost_trace()
    {
        var summary = MessageSummary.Read(Messages.Octets(
            "Received: by a; Sat, 21 Nov 2026 04:37:23 +0000\nReceived: by b; Fri, 20 Nov 2026 04:37:23 +0000\nDate: Thu, 19 Nov 2026 04:37:23 +0000\n\n"));
        Assert.Equal(21, summary.Received!.Value.Day);
    }
}
