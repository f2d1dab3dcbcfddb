using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>The line above every message of an mbox (RFC 4155), in the many ways in which it is written.</summary>
/// <param name="Sender">The reverse path, or what stands in its place; may be empty.</param>
/// <param name="Date">When the message was delivered; UTC where no zone is named.</param>
public sealed record FromLine(string Sender, DateTimeOffset? Date)
{
    private const string Nobody = "MAILER-DAEMON";

    // The longest address that SMTP takes, so that the line stays one that is taken for the beginning of a message.
    private const int MaxAddress = 320;

    private static readonly char[] _blanks = [' ', '\t', '\r', '\n'];

    // What UUCP adds.
    private static readonly string[] _remote = ["remote", "from"];

    /// <summary>What every such line begins with.</summary>
    public static ReadOnlySpan<byte> Start => "From "u8;

    /// <summary>
    /// The sender where it is an address that can stand in a Return-Path, or null. A quoted name may hold blanks and brackets (RFC 5321
    /// 4.1.2), and any letters (RFC 6531 3.3).
    /// </summary>
    public string? Address => IsMailbox(Sender) ? Sender : null;

    /// <summary>True for <c>From </c> alone, as Thunderbird writes it.</summary>
    public bool IsBare => Sender.Length == 0 && Date is null;

    /// <summary>True for what Thunderbird and its kin write, who name no sender.</summary>
    public bool IsOfMozilla => Sender is "" or "-";

    /// <summary>Reads a line that begins with <see cref="Start"/>, without its end.</summary>
    public static FromLine Parse(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line[Start.Length..]).TrimStart(' ', '\t');

        // What stands in quotes is no date, and its blanks part no words.
        var quoted = StructuredField.QuotedLength(text);
        var first = quoted > 0 && text.AsSpan(quoted).IndexOfAny(_blanks) is >= 0 and var rest ? quoted + rest : quoted > 0 ? text.Length : 0;
        var words = text[first..].Split(_blanks, StringSplitOptions.RemoveEmptyEntries);
        if (first > 0)
            words = [text[..first], .. words];
        var dated = words is [.. var before, var remote, var from, _] && _remote.SequenceEqual([remote, from]) ? before : words;
        for (var i = 0; i < dated.Length; i++)
        {
            // The date is the rest of the line: a sender may hold blanks, and may be missing.
            if (MailDates.TryParse(dated.AsSpan(i)) is { } date)
                return new FromLine(string.Join(' ', words.Take(i)), date);
        }

        return new FromLine(words.FirstOrDefault(""), null);
    }

    /// <summary>The line without its end; its date has 24 characters (RFC 4155), and is the nearest that can be read again.</summary>
    public static string Format(string? address, DateTimeOffset date)
    {
        var utc = MailDates.Nearest(date).UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"From {address ?? Nobody} {utc:ddd MMM} {utc.Day,2} {utc:HH:mm:ss yyyy}");
    }

    // A name in quotes or without, and a domain. Whatever else programs write there stays, but for what would end a path or a line.
    private static bool IsMailbox(string text)
    {
        var quoted = StructuredField.QuotedLength(text);
        var rest = text.AsSpan(quoted);
        var isNamed = quoted > 0 ? rest.LastIndexOf('@') == 0 : rest.LastIndexOf('@') > 0;
        return isNamed && rest[^1] != '@' && rest.IndexOfAny(" <>\"") < 0 && text.Length <= MaxAddress && text.All(IsPrintable);
    }

    // Octets that are no UTF-8 have become U+FFFD.
    private static bool IsPrintable(char sign) => !char.IsControl(sign) && sign is not ('\u2028' or '\u2029' or '\uFFFD');
}
