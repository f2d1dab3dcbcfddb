using System.Globalization;

namespace MailClient.Net;

/// <summary>Where a server listens.</summary>
internal readonly record struct ServerAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Reads <c>HOST:PORT</c>, with an IPv6 address in brackets. Throws <see cref="ClientFault"/>.</summary>
    public static ServerAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        if (host is ['[', .. var inner, ']'])
            host = inner;
        else if (host.Contains(':', StringComparison.Ordinal))
            host = "";
        return host.Length > 0 && TryPort(text[(colon + 1)..], out var port)
            ? new(host, port)
            : throw new ClientFault($"'{text}' is no server; write HOST:PORT, as in localhost:25", ExitCode.Misused);
    }

    /// <summary>Reads a port's number. Throws <see cref="ClientFault"/>.</summary>
    public static int ParsePort(string text) =>
        TryPort(text, out var port) ? port : throw new ClientFault($"'{text}' is no port; write a number from 1 to 65535", ExitCode.Misused);

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65_536;
}
