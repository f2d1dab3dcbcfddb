using System.Globalization;
using MailClient.Mailbox;
using MailClient.Mime;

namespace MailClient.Screens;

/// <summary>Lists and messages as lines without colours, for pipes and simple terminals.</summary>
internal static class PlainTable
{
    private const int SenderWidth = 26;
    private const int SubjectWidth = 100;

    /// <summary>The list of messages.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<MessageRow> rows)
    {
        if (rows is [])
        {
            yield return "No messages.";
            yield break;
        }

        var width = Math.Max(3, rows[^1].Number.ToString(CultureInfo.InvariantCulture).Length);
        yield return $"{"No.".PadLeft(width)}  New  {"From",-SenderWidth}  {"Received",-16}  Subject";
        foreach (var row in rows)
        {
            var number = row.Number.ToString(CultureInfo.InvariantCulture).PadLeft(width);
            var sender = CellText.Pad(TerminalText.OneLine(row.Sender), SenderWidth);
            yield return $"{number}  {Mark(row)}    {sender}  {row.Received,-16}  {CellText.Fit(TerminalText.OneLine(row.Summary.Subject), SubjectWidth)}".TrimEnd();
        }
    }

    /// <summary>A message: its header, its attachments, its text.</summary>
    public static IEnumerable<string> Lines(ReadableMessage message)
    {
        foreach (var (name, value) in Fields(message))
            yield return $"{name + ":",-12} {value}";
        yield return "";
        foreach (var line in TerminalText.Lines(message.Text).TrimEnd('\n').Split('\n'))
            yield return line;
    }

    /// <summary>What stands above the text, safe to show.</summary>
    public static IEnumerable<(string Name, string Value)> Fields(ReadableMessage message)
    {
        const int ShownAttachments = 20;
        var summary = message.Summary;
        (string, string)[] fields =
        [
            ("From", summary.From), ("To", summary.To), ("Cc", summary.Cc), ("Received", MessageRow.FormatDate(summary.Received)), ("Subject", summary.Subject),
            .. message.Attachments.Take(ShownAttachments).Select(attachment => ("Attachment", Describe(attachment))),
            ("Attachments", message.Attachments.Count > ShownAttachments ? $"and {message.Attachments.Count - ShownAttachments} more" : ""),
        ];
        return fields.Select(field => (field.Item1, TerminalText.Cut(TerminalText.OneLine(field.Item2), 500))).Where(field => field.Item2.Length > 0);
    }

    /// <summary>A size in the unit that suits it.</summary>
    public static string Size(long octets) => octets switch
    {
        1 => "1 octet",
        < 1_024 => $"{octets} octets",
        < 1_024 * 1_024 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1_024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets / 1_024.0 / 1_024.0:0.#} MiB"),
    };

    private static string Describe(Attachment attachment) => $"{attachment.FileName} ({attachment.ContentType}, {Size(attachment.Octets)})";

    private static char Mark(MessageRow row) => row.IsDeleted ? 'D' : row.IsNew ? '*' : ' ';
}
