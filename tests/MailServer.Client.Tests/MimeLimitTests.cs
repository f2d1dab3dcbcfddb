using System.Globalization;
using System.Text;
using MailClient.Mime;

namespace MailServer.Client.Tests;

/// <summary>
/// Messages made to be expensive. Ten times what a linear reader takes on a slow machine is the most that passes: counted is the time
/// that this thread had on a processor, which a busy machine does not lengthen.
/// </summary>
public sealed class MimeLimitTests
{
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(8);

    [Fact]
    public void A_hundred_thousand_parts_are_read_up_to_the_limit()
    {
        var text = new StringBuilder("Content-Type: multipart/mixed; boundary=b\n\n");
        for (var i = 0; i < 100_000; i++)
            text.Append("--b\nContent-Disposition: attachment\n\nx\n");

        var message = ReadQuickly(text.ToString());

        Assert.Equal(MimeReader.MaxParts, message.Attachments.Count);
        Assert.Contains("more than 1000 parts", message.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MimeReader.MaxParts - 1, false)]
    [InlineData(MimeReader.MaxParts, false)]
    [InlineData(MimeReader.MaxParts + 1, true)]
    public void The_limit_of_parts_is_exact(int parts, bool isCut)
    {
        var text = "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\nx\n", parts)) + "--b--\n";
        MimeReader.Read(Messages.Octets(text), out var wasCut);
        Assert.Equal(isCut, wasCut);
    }

    [Fact]
    public void Multiparts_nested_ten_thousand_times_are_read_to_the_limit_of_depth()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 10_000; i++)
            text.Append("Content-Type: multipart/mixed; boundary=b").Append(i).Append("\n\n--b").Append(i).Append('\n');
        text.Append("\nthe innermost\n");

        Assert.Contains("the innermost", ReadQuickly(text.ToString()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_with_the_boundary_of_its_multipart_does_not_contain_itself()
    {
        var message = ReadQuickly("Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\nContent-Type: multipart/mixed; boundary=b\n\n", 5_000)));
        Assert.Empty(message.Attachments);
    }

    [Fact]
    public void A_million_folds_cost_no_more_than_reading_them()
    {
        var folds = string.Concat(Enumerable.Repeat("\n x", 1_000_000));
        ReadQuickly($"Subject: a{folds}\nContent-Type: text/plain{folds}\nFrom: b{folds}\n\ntext\n");
    }

    [Fact]
    public void Long_lists_of_parameters_and_sections_cost_no_more_than_reading_them()
    {
        var parameters = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"; filename*{i}*=%41%"));
        ReadQuickly($"Content-Type: application/x{parameters}\nContent-Disposition: attachment{parameters}\n\ntext\n");
        ReadQuickly($"Content-Disposition: attachment; filename=\"{new string('\\', 1_000_000)}\n\ntext\n");
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("<a href='x'>")]
    [InlineData("</a>&#")]
    [InlineData("<p><br>&amp;")]
    public void Html_that_is_nothing_but_openings_is_read_in_time(string piece) =>
        ReadQuickly("Content-Type: text/html\n\n" + string.Concat(Enumerable.Repeat(piece, 500_000)));

    [Theory]
    [InlineData("--")]
    [InlineData("--b")]
    [InlineData("--b--")]
    [InlineData("--bbbbbbbbbb ")]
    public void Lines_that_begin_as_a_delimiter_are_read_in_time(string line) =>
        ReadQuickly("Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat(line + "\n", 500_000)));

    [Fact]
    public void No_text_of_millions_of_lines_is_shown_whole()
    {
        var message = ReadQuickly("\n" + new string('\n', 5_000_000) + "x");
        Assert.InRange(message.Text.Length, 1, ReadableMessage.MaxText + 200);
    }

    [Fact]
    public void Random_octets_are_a_message_of_some_kind()
    {
        var random = new Random(2026);
        string[] pieces = ["--b", "--", "\r\n", "\n", "Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/alternative; boundary=\"b\"", "Content-Disposition: attachment; filename*0*=", "=?utf-8?B?", "?=", "Content-Transfer-Encoding: base64", "%41", "\0", "\xFF", " ", "=", "<a href=", ">"];
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
            for (var i = random.Next(40); i > 0; i--)
                text.Append(pieces[random.Next(pieces.Length)]);
            var message = ReadableMessage.Read(Encoding.Latin1.GetBytes(text.ToString()));
            Assert.All(message.Attachments, attachment => Assert.Equal(attachment.FileName, Path.GetFileName(attachment.FileName)));
        }
    }

    private static ReadableMessage ReadQuickly(string text)
    {
        var octets = Messages.Octets(text);
        var start = ProcessorTime();
        var message = ReadableMessage.Read(octets);
        Assert.InRange(ProcessorTime() - start, TimeSpan.Zero, Bearable);
        return message;
    }

    // Only Linux tells it for one thread. Nanoseconds are the first number.
    private static TimeSpan ProcessorTime() => OperatingSystem.IsLinux() && File.Exists("/proc/thread-self/schedstat")
        ? TimeSpan.FromTicks(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 100)
        : TimeSpan.Zero;
}
