using System.Globalization;
using System.Net;

namespace MailServer.Settings;

/// <summary>Where to listen, as written in a setting: <c>[ADDR:]PORT[/tls]</c>.</summary>
/// <param name="Text">What was written.</param>
/// <param name="EndPoints">What it names: one endpoint, or one of IPv4 and one of IPv6 for <c>localhost</c> and <c>*</c>.</param>
/// <param name="IsEncrypted">True when TLS begins with the first octet.</param>
public sealed record EndPointText(string Text, IReadOnlyList<IPEndPoint> EndPoints, bool IsEncrypted)
{
    /// <summary>What would be right, for messages.</summary>
    internal const string Form = "write [ADDR:]PORT[/tls], where ADDR is an IP address (IPv6 in brackets), localhost or *, and PORT is 0 to 65535";

    private const string TlsSuffix = "/tls";

    /// <summary>True when one of the addresses will do where the machine has not both, because nobody named the address itself.</summary>
    public bool IsEitherEnough => EndPoints.Count > 1;

    /// <summary>The port on both loopback addresses.</summary>
    public static EndPointText Localhost(int port) => Parse(port.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads an endpoint. Throws <see cref="SettingFault"/>, whose message says what would be right.</summary>
    public static EndPointText Parse(string text)
    {
        var isEncrypted = text.EndsWith(TlsSuffix, StringComparison.OrdinalIgnoreCase);
        var plain = isEncrypted ? text[..^TlsSuffix.Length] : text;

        // The last colon outside of brackets; what is before it is the address.
        var colon = plain.LastIndexOf(':');
        var address = colon < 0 ? "localhost" : plain[..colon];
        if (!ushort.TryParse(plain.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw new SettingFault(Form);
        return new EndPointText(text, [.. Addresses(address).Select(ip => new IPEndPoint(ip, port))], isEncrypted);
    }

    public override string ToString() => Text;

    private static IPAddress[] Addresses(string text) => text switch
    {
        "*" => [IPAddress.Any, IPAddress.IPv6Any],
        _ when text.Equals("localhost", StringComparison.OrdinalIgnoreCase) => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        ['[', .. var inner, ']'] when inner.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(inner, out var ip) => [ip],
        _ when IsIPv4(text) => [IPAddress.Parse(text)],
        _ => throw new SettingFault(Form),
    };

    // IPAddress.TryParse also takes "1" and "127.1", where a slip of the pen is far more likely.
    private static bool IsIPv4(string text) =>
        text.Count(c => c == '.') == 3 && !text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _);
}
