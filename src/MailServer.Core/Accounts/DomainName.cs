using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServer.Core.Accounts;

/// <summary>The spellings of a mail domain.</summary>
public static class DomainName
{
    // A browser's rules, not a registry's: underscores are in use.
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    // What stands for a dot in other scripts (RFC 3490 3.1).
    private static readonly SearchValues<char> FullStops = SearchValues.Create("\u3002\uFF0E\uFF61");

    // What a mail program that maps as UTS 46 does shows as other letters, or not at all: wide, small, raised and circled forms,
    // ligatures, marks without width. No U-label holds them (RFC 5892 2).
    private static readonly (int First, int Last)[] Mapped =
    [
        (0xAA, 0xAA), (0xAD, 0xAD), (0xBA, 0xBA), (0x17F, 0x17F), (0x2B0, 0x2B8), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x180B, 0x180F),
        (0x1D2C, 0x1D6A), (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x209C), (0x2100, 0x214F), (0x2160, 0x2188), (0x2460, 0x24FF),
        (0x3164, 0x3164), (0xFB00, 0xFB4F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFF01, 0xFF0D), (0xFF0F, 0xFF60), (0xFF62, 0xFFEF), (0x1D400, 0x1D7FF),
        (0x1F110, 0x1F16B),
    ];

    /// <summary>True when the domain holds what no U-label may, and what others show as the letters of another domain (RFC 5891 4.2.2).</summary>
    public static bool HoldsLookAlike(ReadOnlySpan<char> domain)
    {
        if (Ascii.IsValid(domain))
            return false;
        foreach (var rune in domain.EnumerateRunes())
        {
            foreach (var (first, last) in Mapped)
            {
                if (rune.Value >= first && rune.Value <= last)
                    return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The domain in ASCII and lower case (RFC 5890 2.3.2.1: A-labels), without the dot that may stand behind it: what domains are
    /// compared by. U-labels, A-labels and decomposed letters of one domain give the same. A text that is no domain is only lowered.
    /// </summary>
    public static string ToAscii(string domain)
    {
        var dotted = domain.AsSpan().IndexOfAny(FullStops) < 0 ? domain : string.Concat(domain.Select(c => FullStops.Contains(c) ? '.' : c));
        var name = dotted.EndsWith('.') ? dotted[..^1] : dotted;
        if (Ascii.IsValid(name))
            return name.ToLowerInvariant();
        var text = name.ToLowerInvariant();
        try
        {
            return Idn.GetAscii(Nfc.Of(text)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    /// <summary>The address in an address literal (RFC 5321 4.1.3), or null.</summary>
    /// <remarks><code>
    /// address-literal = "[" ( IPv4-address-literal / "IPv6:" IPv6-addr ) "]"
    /// </code></remarks>
    public static IPAddress? AddressIn(string literal)
    {
        const string IPv6 = "IPv6:";
        if (literal is not ['[', .. var text, ']'])
            return null;
        var isIPv6 = text.StartsWith(IPv6, StringComparison.OrdinalIgnoreCase);
        return IPAddress.TryParse(isIPv6 ? text[IPv6.Length..] : text, out var address)
            && isIPv6 == (address.AddressFamily == AddressFamily.InterNetworkV6)
                ? address
                : null;
    }
}
