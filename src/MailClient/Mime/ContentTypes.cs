namespace MailClient.Mime;

/// <summary>The usual media types by file name extension.</summary>
internal static class ContentTypes
{
    private static readonly (string Extension, string Type)[] Rows =
    [
        (".txt", "text/plain"), (".html", "text/html"), (".htm", "text/html"), (".csv", "text/csv"), (".ics", "text/calendar"),
        (".pdf", "application/pdf"), (".zip", "application/zip"), (".gz", "application/gzip"), (".json", "application/json"),
        (".xml", "application/xml"), (".doc", "application/msword"),
        (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (".xls", "application/vnd.ms-excel"), (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (".odt", "application/vnd.oasis.opendocument.text"), (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
        (".png", "image/png"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"), (".gif", "image/gif"), (".svg", "image/svg+xml"),
        (".webp", "image/webp"), (".mp3", "audio/mpeg"), (".wav", "audio/wav"), (".mp4", "video/mp4"), (".eml", "message/rfc822"),
    ];

    /// <summary>The type to send a file as. A message is sent as plain octets: RFC 2046 5.2.1 allows it no base64.</summary>
    public static string Of(string fileName)
    {
        var extension = Path.GetExtension(fileName);
        var type = Rows.FirstOrDefault(row => row.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase)).Type;
        return type is null or "message/rfc822" ? "application/octet-stream" : type;
    }

    /// <summary>The extension for an attachment without a name, or nothing.</summary>
    public static string ExtensionOf(string type) => Rows.FirstOrDefault(row => row.Type == type).Extension ?? "";
}
