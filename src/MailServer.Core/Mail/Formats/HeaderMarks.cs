using System.Globalization;

namespace MailServer.Core.Mail.Formats;

/// <summary>What other mail programs have noted in a message's header.</summary>
/// <param name="UniqueId">From X-UIDL; null when it has none or one that RFC 1939 7 does not allow.</param>
/// <param name="IsRead">From Status, X-Status or X-Mozilla-Status.</param>
/// <param name="IsDeleted">True when its mailbox was only not compacted yet.</param>
/// <param name="IsFolderNote">True for what UW-IMAP and its kin keep at the top of a folder, which nobody wrote or sent.</param>
/// <param name="HasReturnPath">True when it names its sender already.</param>
/// <param name="Date">When it was last handed on, else when it was written.</param>
public sealed record HeaderMarks(string? UniqueId, bool IsRead, bool IsDeleted, bool IsFolderNote, bool HasReturnPath, DateTimeOffset? Date)
{
    // mozilla-status = 4HEXDIG, of these bits
    private const int MozillaRead = 0x0001;
    private const int MozillaExpunged = 0x0008;

    /// <summary>Reads the marks of a header.</summary>
    /// <param name="header">The message's beginning; what follows the blank line is not looked at.</param>
    public static HeaderMarks Of(ReadOnlySpan<byte> header)
    {
        var uniqueId = HeaderFields.Find(header, "X-UIDL");
        var status = HeaderFields.Find(header, "Status") ?? "";
        var otherStatus = HeaderFields.Find(header, "X-Status") ?? "";
        _ = int.TryParse(HeaderFields.Find(header, "X-Mozilla-Status"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mozilla);
        return new HeaderMarks(
            uniqueId is not null && Mail.UniqueId.IsValid(uniqueId) ? uniqueId : null,
            status.Contains('R', StringComparison.Ordinal) || otherStatus.Contains('R', StringComparison.Ordinal) || (mozilla & MozillaRead) != 0,
            otherStatus.Contains('D', StringComparison.Ordinal) || (mozilla & MozillaExpunged) != 0,
            HeaderFields.Find(header, "Subject")?.Contains("FOLDER INTERNAL DATA", StringComparison.Ordinal) is true && HeaderFields.Find(header, "X-IMAP") is not null,
            HeaderFields.Find(header, "Return-Path") is not null,
            DateIn(HeaderFields.Find(header, "Received")?.Split(';')[^1]) ?? DateIn(HeaderFields.Find(header, "Date")));
    }

    private static DateTimeOffset? DateIn(string? text) => text is null ? null : MailDates.TryParse(text);
}
