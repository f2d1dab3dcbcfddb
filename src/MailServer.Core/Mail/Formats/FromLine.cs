using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>The line above every message of an mbox (RFC 4155), in the many ways in which it is written.</summary>
/// <param name="Sender">The reverse path, or what stands in its place; may be empty.</param>
/// <param name="Date">When the message was delivered; UTC where no zone is named.</param>
public sealed record FromLine(string Sender, DateTimeOffset? Date)
{
    private const string Nobody = "MAILER-DAEMON";

    // What UUCP adds.
    private static readonly string[] _remote = ["remote", "from"];

    /// <summary>What every such line begins with.</summary>
    public static ReadOnlySpan<byte> Start => "From "u8;

    /// <summary>The sender where it is an address that can stand in a Return-Path, or null.</summary>
    public string? Address =>
        Sender.Contains('@', StringComparison.Ordinal) && Sender.All(c => c is > ' ' and < '\x7F' and not ('<' or '>')) ? Sender : null;

    /// <summary>True for <c>From </c> alone, as Thunderbird writes it.</summary>
    public bool IsBare => Sender.Length == 0 && Date is null;

    /// <summary>True for what Thunderbird and its kin write, who name no sender.</summary>
    public bool IsOfMozilla => Sender is "" or "-";

    /// <summary>Reads a line that begins with <see cref="Start"/>, without its end.</summary>
    public static FromLine Parse(ReadOnlySpan<byte> line)
    {
        var words = Encoding.Latin1.GetString(line[Start.Length..]).Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var dated = words is [.. var before, var remote, var from, _] && _remote.SequenceEqual([remote, from]) ? before : words;
        for (var i = 0; i < dated.Length; i++)
        {
            // The date is the rest of the line: a sender may hold blanks, and may be missing.
            if (MailDates.TryParse(dated.AsSpan(i)) is { } date)
                return new FromLine(string.Join(' ', words.Take(i)), date);
        }

        return new FromLine(words.FirstOrDefault(""), null);
    }

    /// <summary>The line without its end; its date has 24 characters (RFC 4155).</summary>
    public static string Format(string? address, DateTimeOffset date) => string.Create(
        CultureInfo.InvariantCulture,
        $"From {address ?? Nobody} {date.UtcDateTime:ddd MMM} {date.UtcDateTime.Day,2} {date.UtcDateTime:HH:mm:ss yyyy}");
}
