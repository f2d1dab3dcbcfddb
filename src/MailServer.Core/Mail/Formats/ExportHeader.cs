using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// Three fields that an export puts above a message where the format has no place of its own for what they say. All
/// three, in this order and form, are taken off again at an import; in any other form they are the message's own.
/// </summary>
/// <param name="ReceivedAt">When the server took the message.</param>
/// <param name="UniqueId">Its unique-id.</param>
/// <param name="IsRead">True once it was sent to a client.</param>
public sealed record ExportHeader(DateTimeOffset ReceivedAt, string UniqueId, bool IsRead)
{
    private const string DateForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string DateName = "X-Mailserver-Received: ";
    private const string UniqueIdName = "X-UIDL: ";
    private const string StatusName = "Status: ";

    // Three names, a date, a unique-id and a status.
    private const int MaxLength = 200;

    /// <summary>The fields, each line with its end.</summary>
    public string Format(string lineEnd) =>
        DateName + ReceivedAt.UtcDateTime.ToString(DateForm, CultureInfo.InvariantCulture) + lineEnd
        + UniqueIdName + UniqueId + lineEnd
        + StatusName + (IsRead ? "RO" : "O") + lineEnd;

    /// <summary>The fields at the beginning of a message, or null.</summary>
    /// <param name="length">How many octets they take with their line ends.</param>
    public static ExportHeader? TryParse(ReadOnlySpan<byte> message, out int length)
    {
        length = 0;
        var lines = Encoding.Latin1.GetString(message[..Math.Min(message.Length, MaxLength)]).Split('\n');
        if (lines.Length < 4
            || Value(lines[0], DateName) is not { } date
            || Value(lines[1], UniqueIdName) is not { } uniqueId
            || Value(lines[2], StatusName) is not ("RO" or "O")
            || !DateTimeOffset.TryParseExact(date, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var receivedAt))
        {
            return null;
        }

        length = lines.Take(3).Sum(line => line.Length + 1);
        return new ExportHeader(receivedAt, uniqueId, Value(lines[2], StatusName) == "RO");
    }

    private static string? Value(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..].TrimEnd('\r') : null;
}
