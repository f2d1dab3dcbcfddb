using System.Globalization;
using MailClient;
using MailClient.Mailbox;
using MailClient.Mime;
using MailClient.Net;
using MailClient.Screens;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MailServer.Client.Tests;

/// <summary>A stranger's letters lock nobody out of the mailbox, however narrow the terminal is.</summary>
public sealed class ScreenWidthTests
{
    public static TheoryData<string> Letters =>
    [
        "Hello",
        "会議の議事録 第3回 について、ご確認をお願いいたします。よろしくお願いいたします。以上",
        "a会a議a会a議a会a議a会a議a会a議a会a議a会a議a会a議a会a議",
        "🎉👩‍👩‍👧‍👦🏳️‍🌈 You are invited 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
        "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 \u0e01\u0e33\u0e49 \u0928\u092e\u0938\u094d\u0924\u0947 \u0928\u092e\u0938\u094d\u0924\u0947 \u0928\u092e\u0938\u094d\u0924\u0947 \u0928\u092e\u0938\u094d\u0924\u0947",
        "\u0301\u0301\u0301\u0301",
        "[red]Quarterly[/] figures [ and a word-that-is-longer-than-any-column-could-ever-be-in-a-terminal",
        "",
    ];

    [Theory]
    [MemberData(nameof(Letters))]
    public void The_list_fits_any_terminal(string letters)
    {
        for (var width = 20; width <= 120; width++)
        {
            foreach (var number in new[] { 101, 12_345 })
            {
                var rows = new[] { Row(number, letters, isDeleted: true), Row(number + 1, letters), Row(number + 2, letters) };
                var lines = Draw(width, console => new RichList(console, letters, rows, number + 1, new Text("")).Build());

                // Every message has its number, on a line of its own.
                foreach (var row in rows)
                    Assert.Single(lines, line => line.Contains($" {row.Number} ", StringComparison.Ordinal));
                Assert.True(letters != "Hello" || lines.Count(line => line.Contains("He", StringComparison.Ordinal)) >= 3, $"{width}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void A_message_fits_any_terminal(string letters)
    {
        var message = ReadableMessage.Read(System.Text.Encoding.UTF8.GetBytes($"From: {letters}\r\nSubject: {letters}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{letters} {letters}\r\n{letters}\r\n"));
        for (var width = 20; width <= 120; width++)
            Draw(width, console => new RichReader(console, Row(1, letters), message, new Text("")).Build());
    }

    [Theory]
    [MemberData(nameof(Letters))]
    public void A_cut_text_is_no_wider_than_asked_for(string letters)
    {
        for (var width = -1; width <= 40; width++)
        {
            Assert.InRange(Columns(CellText.Fit(TerminalText.OneLine(letters), width)), 0, Math.Max(0, width));
            Assert.Equal(Math.Max(0, width), Columns(CellText.Pad(TerminalText.OneLine(letters), width)));
            if (width > 1)
                Assert.All(CellText.Wrap(TerminalText.OneLine(letters), width), line => Assert.InRange(Columns(line), 0, width));
        }
    }

    private static List<string> Draw(int width, Func<IAnsiConsole, IRenderable> build)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        (console.Profile.Width, console.Profile.Height) = (width, 24);
        console.Write(build(console));
        var lines = output.ToString().Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        Assert.All(lines, line => Assert.True(new Segment(line).CellCount() <= width, $"{width}: {line}"));
        Assert.InRange(lines.Count, 1, 25);
        return lines;
    }

    private static int Columns(string text) => text.EnumerateRunes().Sum(rune => rune.IsAscii ? 1 : Math.Max(0, new Segment(rune.ToString()).CellCount()));

    private static MessageRow Row(int number, string letters, bool isDeleted = false) =>
        new(new MailboxEntry(number, 100, null), new MessageSummary($"{letters} <a@b.test>", "", "", letters, DateTimeOffset.UnixEpoch)) { IsDeleted = isDeleted, IsNew = true };
}
