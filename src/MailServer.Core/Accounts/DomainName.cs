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
