using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Mail.Formats;

namespace MailServer.Core.Tests;

/// <summary>All four dialects of mbox are read, wherever the reader's blocks end, and what is quoted is had back.</summary>
public sealed class MboxTests
{
    private const string From = "From alice@example.org Sat Nov 21 04:37:23 2026\n";

    private static readonly Arbitrary<string> Texts =
        Gen.Elements("\n", "\n", "\r\n", "From ", "From", ">", ">>", "a", " ", "From x Sat Nov 21 04:37:23 2026\n", "\0", "é").ListOf()
            .Select(pieces => string.Concat(pieces) + "\n").ToArbitrary();

    [Theory]
    [InlineData("From here on\n>From there\n>>From a quote\n", ">From here on\n>>From there\n>>>From a quote\n")]
    [InlineData("a From b\n> From\nFromage\n", "a From b\n> From\nFromage\n")]
    public void A_line_that_begins_with_From_is_quoted(string text, string quoted) => Assert.Equal(quoted, Quote(text, text.Length));

    [Fact]
    public void Quoting_does_not_depend_on_the_blocks_that_a_text_comes_in() =>
        Prop.ForAll(Texts, text => Enumerable.Range(1, text.Length).All(size => Quote(text, size) == Quote(text, text.Length)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_quoted_is_read_as_it_was_whatever_it_says() =>
        Prop.ForAll(Texts, Texts, (first, second) =>
            ReadAsync($"{From}{Quote(first, 7)}\n{From}{Quote(second, 7)}\n").AsTask().GetAwaiter().GetResult() is [var one, var two]
            && one == first && two == second)
            .QuickCheckThrowOnFailure();

    [Fact]
    public async Task Mboxo_and_mboxrd_are_read_alike()
    {
        var file = $"{From}Subject: 1\n\n>From the start\nFrom nobody\n\n{From}Subject: 2\n\nend\n";

        Assert.Equal(["Subject: 1\n\nFrom the start\nFrom nobody\n", "Subject: 2\n\nend\n"], await ReadAsync(file));
    }

    [Fact]
    public async Task In_mboxcl_lengths_count_and_lines_are_quoted()
    {
        var file = $"{From}Content-Length: 17\n\n>From the start\n\n\n{From}Content-Length: 4\n\nend\n\n";

        Assert.Equal(["Content-Length: 17\n\nFrom the start\n\n", "Content-Length: 4\n\nend\n"], await ReadAsync(file));
    }

    [Fact]
    public async Task In_mboxcl2_lengths_count_and_nothing_is_quoted()
    {
        var body = $"{From}>From the start\n";
        var file = $"{From}Content-Length: {body.Length}\n\n{body}\n{From}Content-Length: 4\n\nend\n\n";

        Assert.Equal([$"Content-Length: {body.Length}\n\n{body}", "Content-Length: 4\n\nend\n"], await ReadAsync(file));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(70)]
    [InlineData(10_000)]
    public async Task A_length_that_its_sender_made_up_swallows_no_other_mail(int length)
    {
        var file = $"{From}Content-Length: {length}\n\nevil\n\n{From}Subject: 2\n\nend\n\n";

        Assert.Equal([$"Content-Length: {length}\n\nevil\n", "Subject: 2\n\nend\n"], await ReadAsync(file));
    }

    [Theory]
    [InlineData("From alice@example.org Sat Nov 21 04:37:23 2026", "alice@example.org")]
    [InlineData("From alice@example.org Sat Nov 21 05:37:23 +0100 2026", "alice@example.org")]
    [InlineData("From - Sat Nov 21 04:37:23 2026\r", "-")]
    [InlineData("From alice@example.org Sat, 21 Nov 2026 04:37:23 +0000", "alice@example.org")]
    [InlineData("From 1234567890@xxx Sat Nov 21 04:37:23 GMT 2026", "1234567890@xxx")]
    [InlineData("From alice@example.org Fri Nov 20 23:37:23 EST 2026", "alice@example.org")]
    [InlineData("From alice@example.org 2026-11-21 04:37:23", "alice@example.org")]
    [InlineData("From alice@example.org 2026-11-21T05:37:23+01:00", "alice@example.org")]
    [InlineData("From alice@example.org  Sat Nov 21 04:37:23 2026 +0000", "alice@example.org")]
    [InlineData("From Sat Nov 21 04:37:23 2026", "")]
    [InlineData("From May Sat Nov 21 04:37:23 2026", "May")]
    [InlineData("From Alice B. Sat Nov 21 04:37:23 2026 remote from box", "Alice B.")]
    public void The_line_above_a_message_tells_sender_and_date_in_many_ways(string line, string sender)
    {
        var from = FromLine.Parse(Octets.Of(line));

        Assert.Equal(sender, from.Sender);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 4, 37, 23, TimeSpan.Zero), from.Date);
    }

    [Theory]
    [InlineData("From ")]
    [InlineData("From me to you")]
    [InlineData("From x Sat Nov 31 04:37:23 2026")]
    [InlineData("From x Sat Nov 21 25:37:23 2026")]
    [InlineData("From x Sat Nov 21 2026")]
    [InlineData("From the meeting on Sat Nov 21 04:37:23 2026 we went home")]
    [InlineData("From now on you can reach me on Mon, 5 Jan, at 10:00 (2026)")]
    [InlineData("From x Sat Nov 21 04:37:23 +9999 99999")]
    public void A_sentence_is_no_such_line(string line) => Assert.Null(FromLine.Parse(Octets.Of(line)).Date);

    [Theory]
    [InlineData(1, "From a@b Thu Jan  1 04:05:06 2026")]
    [InlineData(12, "From a@b Mon Jan 12 04:05:06 2026")]
    public void The_date_that_is_written_has_24_characters(int day, string line) =>
        Assert.Equal(line, FromLine.Format("a@b", new DateTimeOffset(2026, 1, day, 4, 5, 6, TimeSpan.Zero)));

    [Theory]
    [InlineData("a@b", "a@b")]
    [InlineData("a@b>\nBcc: x", null)]
    [InlineData("<a@b>", null)]
    [InlineData("MAILER-DAEMON", null)]
    [InlineData("", null)]
    public void Only_an_address_becomes_a_return_path(string sender, string? address) => Assert.Equal(address, new FromLine(sender, null).Address);

    // Each line of text of a message stands for itself; \n between them is put in by the test, in all three line ends.
    [Theory]
    [InlineData("From - Mon Jan  5 10:00:00 2026|Subject: 1||b||From |Subject: 2||b", "Subject: 1||b|", "Subject: 2||b|")]
    [InlineData("From |Subject: 1||b|From |Subject: 2||b|From - Mon Jan  5 10:00:00 2026|Subject: 3||b", "Subject: 1||b|", "Subject: 2||b|", "Subject: 3||b|")]
    [InlineData("From - |Subject: 1||b||From a@b Mon Jan  5 10:00:00 2026|Subject: 2||b", "Subject: 1||b|", "Subject: 2||b|")]
    [InlineData("From x|Subject: 1||From now||From y|Subject: 2", "Subject: 1||From now|", "Subject: 2|")]
    [InlineData("From x|Subject: 1||b||From memory it was.|Really", "Subject: 1||b||From memory it was.|Really|")]
    [InlineData("From x|Subject: 1||b||From memory:|PS: it was||Bye", "Subject: 1||b||From memory:|PS: it was||Bye|")]
    [InlineData("From x|Subject: 1||b|From Bob|Subject: quoted|said he", "Subject: 1||b|From Bob|Subject: quoted|said he|")]
    [InlineData("From x|Subject: 1||b|From y|Subject: 2|From: y@b||b", "Subject: 1||b|", "Subject: 2|From: y@b||b|")]
    [InlineData("From a@b Mon Jan  5 10:00:00 2026|Subject: 1||From now on you can reach me at Mon 10:00 2026||From |Subject: 2", "Subject: 1||From now on you can reach me at Mon 10:00 2026|", "Subject: 2|")]
    [InlineData("From a@b 2026-01-05T10:00:00Z|Subject: 1||b|From a@b Mon Jan  5 10:00:60 EST 2026|Subject: 2||b", "Subject: 1||b|", "Subject: 2||b|")]
    [InlineData("From a@b Mon Jan  5 10:00:00 2026|>From - Sat Jan  3 01:05:34 1996|Subject: 1", "From - Sat Jan  3 01:05:34 1996|Subject: 1|")]
    public async Task A_line_is_a_separator_when_it_is_bare_or_dated_or_a_header_follows(string file, params string[] messages)
    {
        foreach (var lineEnd in new[] { "\n", "\r\n", "\r" })
        {
            foreach (var mark in new[] { "", "\u00EF\u00BB\u00BF" })
            {
                // Lines that end in CR alone are read as LF.
                var expected = messages.Select(message => message.Replace("|", lineEnd == "\r" ? "\n" : lineEnd, StringComparison.Ordinal));
                Assert.Equal(expected, await ReadAsync(mark + file.Replace("|", lineEnd, StringComparison.Ordinal) + lineEnd));
            }
        }
    }

    [Fact]
    public async Task A_CR_in_a_text_is_no_line_end_where_the_lines_of_the_file_end_in_LF() =>
        Assert.Equal(
            ["Subject: 1\n\na\rFrom x Sat Nov 21 04:37:23 2026\rb\n", "Subject: 2\n"],
            await ReadAsync($"{From}Subject: 1\n\na\rFrom x Sat Nov 21 04:37:23 2026\rb\n\n{From}Subject: 2\n"));

    /// <summary>As <c>cat unix.mbox mac.mbox dos.mbox</c> makes it.</summary>
    [Fact]
    public void Every_message_is_found_whatever_its_lines_end_in() =>
        Prop.ForAll(
            (from lineEnd in Gen.Elements("\n", "\r\n", "\r")
             from separator in Gen.Elements(From, "From \n", "From x\n")
             from lines in Gen.Elements("", "", "text", ">From here", "From memory", new string('y', 9000), new string('z', 131_072)).ListOf()
             select (lineEnd, separator, lines: lines.ToArray())).NonEmptyListOf().ToArbitrary(),
            Gen.Choose(16, 40_000).ToArbitrary(),
            Gen.Choose(1, 200_000).ToArbitrary(),
            (messages, destinationSize, readSize) =>
            {
                var texts = messages.Select((message, number) => $"Subject: {number}\n\n{string.Concat(message.lines.Select(line => line + "\n"))}").ToList();
                var file = string.Concat(messages.Zip(texts, (message, text) => $"{message.separator}{text}\n".Replace("\n", message.lineEnd, StringComparison.Ordinal)));
                var expected = messages.Zip(texts, (message, text) =>
                    text.Replace(">From here", "From here", StringComparison.Ordinal).Replace("\n", message.lineEnd == "\r\n" ? "\r\n" : "\n", StringComparison.Ordinal));
                Assert.Equal(expected, ReadAsync(new PieceStream(Octets.Of(file), readSize), destinationSize).AsTask().GetAwaiter().GetResult());
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("\n", "\r", "\n")]
    [InlineData("\n", "\n", "\r", "\r")]
    [InlineData("\r\n", "\r", "\r\n")]
    [InlineData("\r", "\n", "\r")]
    [InlineData("\r", "\r\n", "\r")]
    public async Task A_section_of_other_line_ends_hides_no_message(params string[] lineEnds)
    {
        var body = string.Concat(Enumerable.Repeat("a line of the text\n", 20_000));
        var file = string.Concat(lineEnds.Select((lineEnd, number) => $"{From}Subject: {number}\n\n{body}\n".Replace("\n", lineEnd, StringComparison.Ordinal)));

        Assert.Equal(lineEnds.Select((_, number) => $"Subject: {number}\n\n{body}"), (await ReadAsync(file)).Select(text => text.Replace("\r\n", "\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Behind_a_message_of_CR_alone_a_CR_in_a_text_of_LF_is_no_line_end() =>
        Assert.Equal(
            ["Subject: 1\n", $"Subject: 2\n\na\r{From.TrimEnd('\n')}\rb\n", "Subject: 3\n"],
            await ReadAsync($"{From}Subject: 1\n\n".Replace('\n', '\r') + $"{From}Subject: 2\n\na\r{From.TrimEnd('\n')}\rb\n\n{From}Subject: 3\n"));

    [Fact]
    public async Task Lines_of_CR_alone_are_read_wherever_the_blocks_end()
    {
        var lines = string.Concat(Enumerable.Range(0, 100_000).Select(number => new string('x', number % 7) + "\r"));

        Assert.Equal(
            ["Subject: 1\n\n" + lines.Replace('\r', '\n').TrimEnd('\n') + "\n\n", "Subject: 2\n\nCRLF\r\n"],
            await ReadAsync($"{From.Replace('\n', '\r')}Subject: 1\r\r{lines.TrimEnd('\r')}\r\r\r{From.Replace('\n', '\r')}Subject: 2\r\rCRLF\r\n"));
    }

    [Theory]
    [InlineData("", false, MailFileKind.Empty)]
    [InlineData("\r\n\n\r", true, MailFileKind.Empty)]
    [InlineData("\u00EF\u00BB\u00BF", false, MailFileKind.Empty)]
    [InlineData("From a@b Mon Jan  5 10:00:00 2026\n", false, MailFileKind.Mbox)]
    [InlineData("\u00EF\u00BB\u00BFFrom a@b Mon Jan  5 10:00:00 2026\n", false, MailFileKind.Mbox)]
    [InlineData("\n\nFrom \r\nX-Odd: 1\r\n", false, MailFileKind.Mbox)]
    [InlineData("From - \rSubject: x\r", false, MailFileKind.Mbox)]
    [InlineData("From x\nOdd: 1\n", false, MailFileKind.Mbox)]
    [InlineData("From now on you can\nreach me\n", true, MailFileKind.Unknown)]
    [InlineData("From: a@b\n\nx", false, MailFileKind.Message)]
    [InlineData("\u00EF\u00BB\u00BFReceived : x\n\nx", false, MailFileKind.Message)]
    [InlineData("\n\nSubject: a\n\nx", false, MailFileKind.Message)]
    [InlineData(">From - Sat Jan  3 01:05:34 1996\nSubject: a\n\nx", false, MailFileKind.Message)]
    [InlineData("Subject: a\rFrom: b\r\rx", false, MailFileKind.Message)]
    [InlineData("Content-Type: text/plain\nMIME-Version: 1.0\n\nx", false, MailFileKind.Unknown)]
    [InlineData("Content-Type: text/plain\nMIME-Version: 1.0\n\nx", true, MailFileKind.Message)]
    [InlineData("buy milk\n", true, MailFileKind.Unknown)]
    [InlineData("buy: milk\n", false, MailFileKind.Unknown)]
    [InlineData("\0\u0001", true, MailFileKind.Unknown)]
    public void What_a_file_is_is_seen_from_its_beginning(string text, bool isChosen, MailFileKind kind) =>
        Assert.Equal(kind, MailFileKinds.Of(Octets.Of(text), isChosen));

    [Theory]
    [InlineData("123       \nSubject: x\n", 11, 123)]
    [InlineData("5\nab", 2, 5)]
    [InlineData("Subject: x\n", 0, 0)]
    [InlineData("", 0, 0)]
    [InlineData("12", 0, 0)]
    [InlineData("-5\nx", 0, 0)]
    public void A_message_of_Apple_Mail_lies_between_its_length_and_a_list(string text, int start, long length) =>
        Assert.Equal((start, length), Emlx.MessageIn(Octets.Of(text)) ?? default);

    [Theory]
    [InlineData("<plist><dict><key>flags</key>\n<integer>8590195713</integer></dict></plist>", true, false)]
    [InlineData("<plist><dict><key>flags</key>\n<integer>8590195712</integer></dict></plist>", false, false)]
    [InlineData("<plist><dict><key>flags</key>\n<integer>8590195714</integer></dict></plist>", false, true)]
    [InlineData("<key>flags</key><integer>3<", true, true)]
    [InlineData("<key>flags</key><integer>", false, false)]
    [InlineData("<key>flags</key>", false, false)]
    [InlineData("", false, false)]
    public void The_list_says_whether_it_was_read_or_deleted(string list, bool isRead, bool isDeleted) => Assert.Equal((isRead, isDeleted), Emlx.MarksIn(list));

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n\n")]
    public async Task An_mbox_may_hold_nothing(string file) => Assert.Empty(await ReadAsync(file));

    [Fact]
    public async Task A_message_and_a_row_of_signs_may_be_longer_than_every_buffer()
    {
        var text = new string('x', 300_000) + "\n" + new string('>', 300_000) + "From a\n" + new string('>', 300_000) + "\n";

        Assert.Equal([text, text], await ReadAsync($"{From}{Quote(text, 4096)}\n{From}{Quote(text, 100_000)}\n"));
    }

    private static string Quote(string text, int blockSize)
    {
        var output = new ArrayBufferWriter<byte>();
        var quoting = new MboxQuoting();
        foreach (var block in Octets.Of(text).Chunk(Math.Max(1, blockSize)))
            quoting.Write(block, output);
        quoting.Finish(output);
        return Octets.Text(output.WrittenSpan);
    }

    private static ValueTask<List<string>> ReadAsync(string file) => ReadAsync(new MemoryStream(Octets.Of(file)), 16);

    private static async ValueTask<List<string>> ReadAsync(Stream file, int destinationSize)
    {
        var reader = await MboxReader.OpenAsync(file, CancellationToken.None);
        var texts = new List<string>();
        var block = new byte[destinationSize];
        while (await reader.NextAsync(CancellationToken.None))
        {
            var text = new ArrayBufferWriter<byte>();
            while (await reader.ReadAsync(block, CancellationToken.None) is > 0 and var count)
                text.Write(block.AsSpan(0, count));
            texts.Add(Octets.Text(text.WrittenSpan));
        }

        return texts;
    }

    // Gives no more than a piece at a time.
    private sealed class PieceStream(byte[] octets, int size) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, size)], cancellationToken);
    }
}
