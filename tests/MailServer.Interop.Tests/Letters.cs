using System.Text;

namespace MailServer.Interop.Tests;

/// <summary>Messages that programs and servers have damaged before, and how to tell that they were not.</summary>
internal static class Letters
{
    private static readonly string[] Hard =
    [
        ".",
        "..",
        ".a dot at the beginning",
        "...",
        "From the beginning of a line, as in an mbox",
        ">From the same, quoted",
        "Grüße in 8 bits: äöü € 漢字",
        "blanks at the end \t ",
        "\ta tab, and a = sign, and a %s and a %NEW%",
        "QUIT",
        "",
        "",
        "a dot at the end.",
        ".",
    ];

    /// <summary>A message with everything in it that can be damaged on the way, in lines of ordinary length.</summary>
    public static byte[] Plain(string subject = "Hard to carry") =>
        Write([$"From: Carol <{RunningServer.Sender}>", "To: bob", $"Subject: {subject}", "Message-ID: <1@example.org>",
            "Date: Sat, 21 Nov 2026 04:37:23 +0000", "X-Folded: one", "\ttwo", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", .. Hard]);

    /// <summary>The same with lines beyond what RFC 5322 allows, which Postfix would cut and others carry.</summary>
    public static byte[] WithLongLines() =>
        [.. Plain(), .. Write([new string('x', 998), new string('y', 999), "." + new string('z', 20_000), "the end"])];

    /// <summary>About so many octets, with a dot at the beginning of many lines.</summary>
    public static byte[] Large(int octets)
    {
        var text = new StringBuilder(Encoding.Latin1.GetString(Plain()), octets + 200);
        for (var line = 0; text.Length < octets; line++)
            text.Append(line % 7 == 0 ? "." : "").Append(line).Append(" The quick brown fox jumps over the lazy dog and comes back again.\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>The same message with the line ends of Unix.</summary>
    public static byte[] WithBareLineFeeds(byte[] message) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message).Replace("\r\n", "\n", StringComparison.Ordinal));

    /// <summary>Checks that what is stored is our trace header and behind it these octets, no more and no less.</summary>
    public static void MustBe(byte[] message, byte[] stored, string protocol)
    {
        var (trace, rest) = Split(stored);
        Assert.Contains($" with {protocol} id ", trace, StringComparison.Ordinal);
        MustEqual(message, Encoding.Latin1.GetBytes(rest));
    }

    /// <summary>Checks that what is stored came with this protocol and ends with the message's text, under any header.</summary>
    public static void MustHaveText(byte[] message, byte[] stored, string protocol)
    {
        var (trace, rest) = Split(stored);
        Assert.Contains($" with {protocol} id ", trace, StringComparison.Ordinal);
        MustEqual(Text(message), Text(Encoding.Latin1.GetBytes(rest)));
    }

    /// <summary>Checks octets, and shows where they begin to differ.</summary>
    public static void MustEqual(byte[] expected, byte[] actual)
    {
        if (expected.AsSpan().SequenceEqual(actual))
            return;
        var at = expected.AsSpan().CommonPrefixLength(actual);
        Assert.Fail($"{expected.Length} octets were expected and {actual.Length} came; they differ from {at} on:\n{Around(expected, at)}\n{Around(actual, at)}");
    }

    /// <summary>What follows the header and its empty line.</summary>
    public static byte[] Text(byte[] message) => message[(message.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];

    private static byte[] Write(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));

    // Return-Path and Received with its folded lines, and the rest.
    private static (string Trace, string Message) Split(byte[] stored)
    {
        var text = Encoding.Latin1.GetString(stored);
        Assert.StartsWith("Return-Path: <", text, StringComparison.Ordinal);
        var end = text.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        Assert.StartsWith("Received: from ", text[end..], StringComparison.Ordinal);
        do
            end = text.IndexOf("\r\n", end, StringComparison.Ordinal) + 2;
        while (text[end] == '\t');
        return (text[..end], text[end..]);
    }

    private static string Around(byte[] octets, int at)
    {
        var from = Math.Max(0, at - 40);
        return Uri.EscapeDataString(Encoding.Latin1.GetString(octets, from, Math.Min(octets.Length - from, 120)));
    }
}
