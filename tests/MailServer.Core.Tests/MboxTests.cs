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

    [Fact]
    public async Task Where_the_first_line_has_no_date_the_others_need_none_behind_a_blank_line() =>
        Assert.Equal(
            ["Subject: 1\n\nFrom now\n", "Subject: 2\n"],
            await ReadAsync("From x\nSubject: 1\n\nFrom now\n\nFrom y\nSubject: 2\n".Replace("\n\nFrom now", "\n\n>From now", StringComparison.Ordinal)));

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

    private static async ValueTask<List<string>> ReadAsync(string file)
    {
        var reader = await MboxReader.OpenAsync(new MemoryStream(Octets.Of(file)), CancellationToken.None);
        var texts = new List<string>();
        var block = new byte[16];
        while (await reader.NextAsync(CancellationToken.None))
        {
            var text = new ArrayBufferWriter<byte>();
            while (await reader.ReadAsync(block, CancellationToken.None) is > 0 and var count)
                text.Write(block.AsSpan(0, count));
            texts.Add(Octets.Text(text.WrittenSpan));
        }

        return texts;
    }
}
