using System.Text;

namespace MailServer.Host.Tests.Torture;

/// <summary>Names that are meant to become a path, a command, a format, a header line or somebody else.</summary>
internal static class HostileNames
{
    /// <summary>Names that are text, as anybody may type them.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "../x", "..\\x", "/etc/passwd", "C:\\x", "~root", ".", "..", "...", "-rf", "--help", "--data", ".hidden", "x.", "@ME",
        "CON", "nul", "AUX.txt", "LPT1", "x:stream", "a b", "a\tb",
        "'", "\"", "\"quoted\"", "`id`", ";id", "|id", "$(id)", "&&id", "a'; DROP TABLE accounts; --", "%s", "%n%n%n", "{0}", "%00", "\\0",
        "<script>", "<a@b>", "a>b", "a@b@c", "bob@", "@bob", "a,b", "a:b", "a+b", "!", "#", "*", "?", "\\",
        "\u202Ebob", "bob\u200B", "bo\u00ADb", "\uFEFFbob", "\u2028", "bob\u0301\u0301\u0301", "\u0301", "\U0001F600", "\uFFFE",
        "b\u043Eb", "\u0412\u043E\u0432", "\uFF42\uFF4F\uFF42", "\u00DF", "\u0130", "\u01C5",
        new('x', 64), new('x', 65), new('x', 4000), new('x', 65536), string.Concat(Enumerable.Repeat("\u00E9", 64)),
    ];

    /// <summary>Names that are no text: control characters, and what is no UTF-8.</summary>
    public static IReadOnlyList<byte[]> Octets { get; } =
    [
        [0], [.. "a\0b"u8], [.. "a\rb"u8], [.. "a\nb"u8], [.. "\u001B[2J"u8], [.. "a\u007Fb"u8], [.. "a\u0085b"u8],
        [0xFF], [0xFE, 0xFF], // never part of UTF-8
        [0x80], [(byte)'a', 0xBF, (byte)'b'], // a continuation of nothing
        [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], // cut off
        [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xC1, 0xA1], // too long for what they say: a slash, an a
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], // halves of surrogate pairs
        [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], // past the end of Unicode
    ];

    /// <summary>All of them as octets.</summary>
    public static IEnumerable<byte[]> All => Texts.Select(Encoding.UTF8.GetBytes).Concat(Octets);
}
