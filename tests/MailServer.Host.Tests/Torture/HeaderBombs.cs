using System.Globalization;
using System.Text;

namespace MailServer.Host.Tests.Torture;

/// <summary>Messages whose header is meant to cost a reader more than its length.</summary>
internal static class HeaderBombs
{
    /// <summary>The kinds, each with its size and the text of such a size.</summary>
    public static IReadOnlyList<(string Kind, int Size, Func<int, byte[]> Text)> Rows { get; } =
    [
        ("octets in one field", Scale.Of(5_000_000, 50_000_000), OneField),
        ("fields", Scale.Of(100_000, 1_000_000), Fields),
        ("folds of one field", Scale.Of(100_000, 1_000_000), Folds),
        ("breaks in an encoded word", Scale.Of(100_000, 1_000_000), Breaks),
        ("encoded words", Scale.Of(50_000, 500_000), Words),
        ("open encoded words", Scale.Of(100_000, 1_000_000), OpenWords),
    ];

    private static byte[] OneField(int size) => Text("X-Long: " + new string('x', size));

    private static byte[] Fields(int size) =>
        Text(string.Concat(Enumerable.Range(0, size).Select(number => string.Create(CultureInfo.InvariantCulture, $"X-{number}: v\r\n"))) + "Subject: last");

    private static byte[] Folds(int size) => Text("Subject: folded" + string.Concat(Enumerable.Repeat("\r\n x", size)));

    private static byte[] Breaks(int size) =>
        Text($"Subject: =?utf-8?B?{Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\r\n", size))))}?=");

    private static byte[] Words(int size) => Text("Subject:" + string.Concat(Enumerable.Repeat(" =?utf-8?Q?=0D=0A?=\r\n", size)) + " end");

    private static byte[] OpenWords(int size) => Text("Subject: " + string.Concat(Enumerable.Repeat("=?x?B?", size)));

    private static byte[] Text(string header) => Encoding.ASCII.GetBytes($"From: a@b.test\r\n{header}\r\n\r\nbody\r\n.\r\n");
}
