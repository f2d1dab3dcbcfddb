using MailClient.Mime;
using MailClient.Net;

namespace MailClient.Mailbox;

/// <summary>A message in the list.</summary>
internal sealed class MessageRow(MailboxEntry entry, MessageSummary summary)
{
    public int Number => entry.Number;

    public long Octets => entry.Octets;

    public string? UniqueId => entry.UniqueId;

    public MessageSummary Summary => summary;

    /// <summary>True until it was read here.</summary>
    public bool IsNew { get; set; }

    /// <summary>True when the server will delete it at the end of the session.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>The sender's name, or the address where there is none.</summary>
    public string Sender
    {
        get
        {
            var open = summary.From.LastIndexOf('<');
            var name = open > 0 ? summary.From[..open].Trim().Trim('"').Trim() : "";
            return name.Length > 0 ? name : summary.From.Trim('<', '>', ' ');
        }
    }

    /// <summary>When it came, in the user's time.</summary>
    public string Received => FormatDate(summary.Received);

    /// <summary>A date as the client shows it, in the user's time.</summary>
    public static string FormatDate(DateTimeOffset? date) =>
        date is { } known
            ? TimeZoneInfo.ConvertTime(known, TimeProvider.System.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)
            : "";
}
