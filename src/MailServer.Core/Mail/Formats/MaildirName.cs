using System.Globalization;

namespace MailServer.Core.Mail.Formats;

/// <summary>The name of a file in a Maildir: what the message is called, and behind <c>:2,</c> its flags.</summary>
/// <param name="Base">What stays the same when flags change.</param>
/// <param name="Flags">One letter each; S is seen, T is trashed.</param>
public sealed record MaildirName(string Base, string Flags)
{
    // Windows allows no colon in a name; programs there use other characters.
    private static readonly string[] _separators = [":2,", ";2,", "!2,"];

    public bool IsRead => Flags.Contains('S', StringComparison.Ordinal);

    public bool IsDeleted => Flags.Contains('T', StringComparison.Ordinal);

    /// <summary>
    /// When the message was delivered, as the name says, or null.
    /// <code>base = seconds "." [ "M" microseconds ] unique</code>
    /// </summary>
    public DateTimeOffset? DeliveredAt
    {
        get
        {
            if (Base.Split('.') is not [{ Length: <= 10 } seconds, var unique, ..] || !long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time))
                return null;
            var digits = unique is ['M', .. var rest] ? rest[..^rest.AsSpan().TrimStart("0123456789").Length] : "";
            var hasMicroseconds = digits.Length is > 0 and <= 6;
            return DateTimeOffset.FromUnixTimeSeconds(time).AddMicroseconds(hasMicroseconds ? int.Parse(digits, CultureInfo.InvariantCulture) : 0);
        }
    }

    public static MaildirName Parse(string fileName)
    {
        foreach (var separator in _separators)
        {
            if (fileName.LastIndexOf(separator, StringComparison.Ordinal) is >= 0 and var at)
                return new MaildirName(fileName[..at], fileName[(at + separator.Length)..]);
        }

        return new MaildirName(fileName, "");
    }

    /// <summary>The base of a message that is written to a Maildir, which no other message there has.</summary>
    /// <param name="number">Counts the messages of the Maildir.</param>
    public static string BaseOf(DateTimeOffset receivedAt, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{receivedAt.ToUnixTimeSeconds():D10}.M{receivedAt.Millisecond * 1000:D6}Q{number:D6}.mailserver");
}
