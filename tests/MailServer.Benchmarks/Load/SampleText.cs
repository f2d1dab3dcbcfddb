using System.Text;

namespace MailServer.Benchmarks.Load;

/// <summary>Texts of messages as they are sent.</summary>
internal static class SampleText
{
    private const string Header =
        "From: Load <load@example.org>\r\nTo: Reader <reader@localhost>\r\nSubject: A message of a measured size\r\n"
        + "Date: Mon, 05 Jan 2026 10:00:00 +0000\r\nMessage-ID: <load@example.org>\r\nMIME-Version: 1.0\r\n\r\n";

    private const string Line = "The quick brown fox jumps over the lazy dog, and 0123456789 times it did so.\r\n";

    /// <summary>A header and lines of text, of exactly this many octets or of the header alone.</summary>
    public static byte[] OfSize(int octets)
    {
        var text = new StringBuilder(Header, Math.Max(octets, Header.Length) + Line.Length);
        while (text.Length + Line.Length <= octets - 3)
            text.Append(Line);
        if (octets - text.Length is > 2 and var rest)
            text.Append(Line.AsSpan(0, rest - 2)).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>The text with its final dot.</summary>
    public static byte[] WithDot(byte[] text) => [.. text, .. ".\r\n"u8];
}
