using System.Globalization;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// What mail programs have noted in a message's header. Senders can write these fields too, so each counts only where a program would
/// have put it: in an mbox, and Thunderbird's in its own.
/// </summary>
/// <param name="UniqueId">From X-UIDL; null when it has none or one that RFC 1939 7 does not allow.</param>
/// <param name="IsRead">From Status, X-Status or X-Mozilla-Status.</param>
/// <param name="IsDeleted">True when its mailbox was only not compacted yet.</param>
/// <param name="IsFolderNote">True for what UW-IMAP and its kin keep at the top of a folder, which nobody wrote or sent.</param>
public sealed record HeaderMarks(string? UniqueId, bool IsRead, bool IsDeleted, bool IsFolderNote)
{
    // mozilla-status = 4HEXDIG, of these bits
    private const int MozillaRead = 0x0001;
    private const int MozillaExpunged = 0x0008;

    /// <summary>What is known of a message where no program keeps marks in headers.</summary>
    public static HeaderMarks None { get; } = new(null, IsRead: false, IsDeleted: false, IsFolderNote: false);

    /// <summary>Reads the marks of a header.</summary>
    /// <param name="header">The message's beginning; what follows the blank line is not looked at.</param>
    public static HeaderMarks Of(ReadOnlySpan<byte> header, MailSource source)
    {
        if (source is not (MailSource.Mbox or MailSource.MozillaMbox))
            return None;
        var uniqueId = HeaderFields.Find(header, "X-UIDL");
        var (isRead, isDeleted) = MozillaMarks(header, source) ?? OrdinaryMarks(header);
        return new HeaderMarks(
            uniqueId is not null && Mail.UniqueId.IsValid(uniqueId) ? uniqueId : null,
            isRead,
            isDeleted,
            HeaderFields.Find(header, "Subject")?.Contains("FOLDER INTERNAL DATA", StringComparison.Ordinal) is true && HeaderFields.Find(header, "X-IMAP") is not null);
    }

    /// <summary>When the message was last handed on, else when it was written, or null.</summary>
    public static DateTimeOffset? DateOf(ReadOnlySpan<byte> header) =>
        (HeaderFields.Find(header, "Received") is { } received ? DateBehind(received) : null) ?? DateIn(HeaderFields.Find(header, "Date"));

    // Behind the last semicolon (RFC 5322 3.6.7) that is of no comment and no quoted string. What programs open and never close is neither.
    private static DateTimeOffset? DateBehind(string received) =>
        DateIn(StructuredField.Outline(received).Split(';')[^1]) ?? DateIn(received.Split(';')[^1]);

    private static (bool IsRead, bool IsDeleted)? MozillaMarks(ReadOnlySpan<byte> header, MailSource source) =>
        source == MailSource.MozillaMbox
        && int.TryParse(HeaderFields.Find(header, "X-Mozilla-Status"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? ((bits & MozillaRead) != 0, (bits & MozillaExpunged) != 0)
            : null;

    private static (bool IsRead, bool IsDeleted) OrdinaryMarks(ReadOnlySpan<byte> header)
    {
        var (status, otherStatus) = (HeaderFields.Find(header, "Status") ?? "", HeaderFields.Find(header, "X-Status") ?? "");
        return (
            status.Contains('R', StringComparison.Ordinal) || otherStatus.Contains('R', StringComparison.Ordinal),
            otherStatus.Contains('D', StringComparison.Ordinal));
    }

    private static DateTimeOffset? DateIn(string? text) => text is null ? null : MailDates.TryParse(text);
}
