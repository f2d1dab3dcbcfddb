using MailServer.Core.Mail;

namespace MailClient.Mime;

/// <summary>A message or a part of one (RFC 2045 2.4): where its header and its body lie in the message's octets.</summary>
internal sealed class MimePart
{
    // A parameter list longer than this is nothing that a sender needs.
    private const int MaxHeader = 256 * 1024;

    private readonly ReadOnlyMemory<byte> _message;
    private readonly FieldParameters _type;
    private readonly FieldParameters _disposition;

    /// <summary>A part whose body begins at an offset and whose end is found later.</summary>
    public MimePart(ReadOnlyMemory<byte> message, int start, int bodyStart, int depth)
    {
        (_message, BodyStart, BodyEnd, Depth) = (message, bodyStart, bodyStart, depth);
        Header = message[start..Math.Min(bodyStart, start + MaxHeader)];
        _type = FieldParameters.Parse(HeaderFields.Find(Header.Span, "Content-Type") ?? "text/plain");
        _disposition = FieldParameters.Parse(HeaderFields.Find(Header.Span, "Content-Disposition") ?? "");
    }

    /// <summary>The header's octets.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    /// <summary>Where the body begins in the message.</summary>
    public int BodyStart { get; }

    /// <summary>Where the body ends in the message.</summary>
    public int BodyEnd { get; set; }

    /// <summary>How many multiparts it lies in.</summary>
    public int Depth { get; }

    /// <summary>The parts of a multipart, in their order.</summary>
    public List<MimePart> Parts { get; } = [];

    /// <summary>Such as <c>text/html</c>, in lower case.</summary>
    public string ContentType => _type.Value.Contains('/', StringComparison.Ordinal) ? _type.Value : "text/plain";

    /// <summary>What separates the parts of a multipart, or null.</summary>
    public string? Boundary => _type.Find("boundary") is { Length: > 0 } boundary ? boundary.TrimEnd() : null;

    public bool IsMultipart => ContentType.StartsWith("multipart/", StringComparison.Ordinal);

    /// <summary>True for text that the sender wants to be read with the message, not saved.</summary>
    public bool IsInlineText =>
        ContentType is "text/plain" or "text/html" && _disposition.Value != "attachment" && FileName is null;

    /// <summary>The file name as the sender gave it, which may be anything, or null.</summary>
    public string? FileName => _disposition.Find("filename") ?? _type.Find("name");

    /// <summary>The body without its transfer encoding.</summary>
    public byte[] Decode() =>
        TransferDecoder.Decode(_message.Span[BodyStart..BodyEnd], HeaderFields.Find(Header.Span, "Content-Transfer-Encoding"));

    /// <summary>The body as text in the part's charset, HTML as plain text.</summary>
    public string DecodeText()
    {
        var text = Charsets.Decode(Decode(), _type.Find("charset"));
        return ContentType == "text/html" ? HtmlText.Convert(text) : text;
    }
}
