using System.Buffers;
using System.Net;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Pop3.Bodies;

namespace MailServer.Core.Tests;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("Received: a\r\nX: Received: no\r\nrEcEiVeD \t:b\r\n\r\nReceived: body\r\n", "Received: a\r\nX: Received: no\r\nrEcEiVeD \t:b\r\n\r\nReceived: body\r\n", 2, true)]
    [InlineData("Receive: a\r\nReceivedX: b\r\n Received: fold\r\n\r\n", "Receive: a\r\nReceivedX: b\r\n Received: fold\r\n\r\n", 0, true)]
    [InlineData("\r\nReceived: a\r\n", "\r\nReceived: a\r\n", 0, true)]
    [InlineData("A: 1\r\nHello Bob\r\nReceived: a\r\n", "A: 1\r\n\r\nHello Bob\r\nReceived: a\r\n", 0, true)]
    [InlineData("A: 1\r\nHello\r\n", "A: 1\r\n\r\nHello\r\n", 0, true)]
    [InlineData("A: 1\r\n fold\r\n\t\r\nB: 2\r\n", "A: 1\r\n fold\r\n\t\r\nB: 2\r\n", 0, false)]
    [InlineData("A: 1\r\n\0B: 2\r\n", "A: 1\r\n\r\n\0B: 2\r\n", 0, true)]
    public void A_header_ends_where_its_fields_do_wherever_it_is_cut(string text, string expected, int received, bool hasEnded)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var (header, output) = (new HeaderLines(), new ArrayBufferWriter<byte>());
            foreach (var block in Octets.Of(text).Chunk(size))
                header.Write(block, output);
            Assert.Equal((expected, received, hasEnded), (Octets.Text(output.WrittenSpan), header.Received, header.HasEnded));
        }
    }

    [Theory]
    [InlineData(0, "H: 1\r\n\r\n")]
    [InlineData(1, "H: 1\r\n\r\na\r\n")]
    [InlineData(3, "H: 1\r\n\r\na\r\n\r\nb\r\n")]
    [InlineData(100, "H: 1\r\n\r\na\r\n\r\nb\r\n")]
    public void Top_takes_the_header_the_blank_line_and_some_lines_wherever_it_is_cut(int lines, string top)
    {
        var text = Octets.Of("H: 1\r\n\r\na\r\n\r\nb\r\n");
        for (var size = 1; size <= text.Length; size++)
        {
            var cutter = new TopFilter(lines);
            var taken = new StringBuilder();
            foreach (var block in text.Chunk(size))
                taken.Append(Octets.Text(block.AsSpan(0, cutter.Take(block))));
            Assert.Equal(top, taken.ToString());
        }
    }

    [Theory]
    [InlineData("client.test", "192.0.2.7", "from client.test ([192.0.2.7])")]
    [InlineData("", "2001:db8::1", "from [IPv6:2001:db8::1]")]
    [InlineData("a(b)c;d<e>é", "192.0.2.7", "from a?b?c?d?e?? ([192.0.2.7])")]
    public void The_Received_field_names_the_client_and_nothing_that_could_break_it(string word, string address, string from)
    {
        var received = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-5));
        var header = ReceivedField.Format(new(word, IPAddress.Parse(address), "ESMTP", "id1"), received, "mail.test", "bob@mail.test");

        Assert.Equal(
            $"Received: {from}\r\n\tby mail.test with ESMTP id id1\r\n\tfor <bob@mail.test>;\r\n\tFri, 02 Jan 2026 03:04:05 -0500\r\n",
            header);
    }

    [Fact]
    public void No_line_of_the_Received_field_comes_near_998_octets_whatever_the_client_calls_itself()
    {
        var header = ReceivedField.Format(
            new(new string('x', 4000), IPAddress.IPv6Loopback, "ESMTP", "id1"),
            DateTimeOffset.UnixEpoch,
            "mail.test",
            null);

        Assert.All(header.Split("\r\n"), line => Assert.InRange(line.Length, 0, 400));
        Assert.DoesNotContain("for <", header, StringComparison.Ordinal);
    }
}
