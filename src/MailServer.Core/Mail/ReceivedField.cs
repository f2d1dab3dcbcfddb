using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServer.Core.Mail;

/// <summary>How a message came in, for its Received field (RFC 5321 4.4).</summary>
/// <param name="HeloWord">What the client called itself; may be empty, long or odd.</param>
/// <param name="Address">The client's address.</param>
/// <param name="Protocol">SMTP, ESMTP, ESMTPS, ESMTPA or ESMTPSA (RFC 3848).</param>
/// <param name="Id">What the log calls the message.</param>
public sealed record Arrival(string HeloWord, IPAddress Address, string Protocol, string Id);

/// <summary>The field that every server puts above a message that it takes (RFC 5321 4.4).</summary>
public static class ReceivedField
{
    // A domain's longest form (RFC 5321 4.5.3.1.2): keeps the line far below 998 octets whatever the client said.
    private const int MaxHeloWord = 255;

    // What a domain or an address literal is made of: no word can open a comment or end the line.
    private static readonly SearchValues<char> _clean = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_[]:");

    /// <summary>The field in several lines, each ended by CRLF.</summary>
    /// <param name="forPath">The recipient when there is only one; null hides who else got the message.</param>
    public static string Format(Arrival arrival, DateTimeOffset receivedAt, string hostname, string? forPath)
    {
        var offset = receivedAt.Offset;
        var (forStart, forEnd) = forPath is null ? ("", "") : ("\r\n\tfor <", ">");
        var (sign, hours, minutes) = (offset < TimeSpan.Zero ? '-' : '+', Math.Abs(offset.Hours), Math.Abs(offset.Minutes));

        // In one piece: every message has one.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Received: from {Client(arrival)}\r\n\tby {hostname} with {arrival.Protocol} id {arrival.Id}{forStart}{forPath}{forEnd};\r\n\t{receivedAt:ddd, dd MMM yyyy HH:mm:ss} {sign}{hours:00}{minutes:00}\r\n");
    }

    private static string Client(Arrival arrival)
    {
        var literal = arrival.Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{arrival.Address}]" : $"[{arrival.Address}]";
        var word = Clean(arrival.HeloWord);
        return word.Length == 0 ? literal : $"{word} ({literal})";
    }

    private static string Clean(string word)
    {
        if (word.Length <= MaxHeloWord && !word.AsSpan().ContainsAnyExcept(_clean))
            return word;
        var clean = new StringBuilder();
        foreach (var c in word.AsSpan(0, Math.Min(word.Length, MaxHeloWord)))
            clean.Append(_clean.Contains(c) ? c : '?');
        return clean.ToString();
    }
}
