using System.Text;

namespace MailClient.Mime;

/// <summary>A part that can be saved, under a name that is safe to use.</summary>
internal sealed record Attachment(string FileName, MimePart Part)
{
    public string ContentType => Part.ContentType;

    /// <summary>The size of the file.</summary>
    public int Octets { get; } = Part.Decode().Length;
}

/// <summary>A message as a person reads it: who, when, what about, the text, and what is attached.</summary>
internal sealed class ReadableMessage
{
    /// <summary>Characters of text that are shown; the saved message has it all.</summary>
    public const int MaxText = 1024 * 1024;

    private readonly StringBuilder _text = new();
    private readonly List<Attachment> _attachments = [];

    private ReadableMessage(MessageSummary summary) => Summary = summary;

    public MessageSummary Summary { get; }

    /// <summary>The text as the sender wrote it, with any characters in it.</summary>
    public string Text => _text.ToString();

    public IReadOnlyList<Attachment> Attachments => _attachments;

    /// <summary>Reads a whole message. Any octets are a message of some kind: nothing throws.</summary>
    public static ReadableMessage Read(ReadOnlyMemory<byte> octets)
    {
        var root = MimeReader.Read(octets, out var isCut);
        var message = new ReadableMessage(MessageSummary.Read(root.Header.Span));
        message.Take(root, isRoot: true);
        if (isCut)
            message.AddText($"[This message has more than {MimeReader.MaxParts} parts; save it to get at the others.]");
        return message;
    }

    // Depth is bounded by the reader.
    private void Take(MimePart part, bool isRoot = false)
    {
        if (part.IsMultipart && part.Parts.Count > 0)
        {
            TakeMultipart(part);
        }
        else if (part.IsInlineText || part.IsMultipart || (isRoot && part.ContentType is "text/plain" or "text/html"))
        {
            // A multipart without parts is shown as it is.
            AddText(part.DecodeText());
        }
        else
        {
            _attachments.Add(new(NameOf(part), part));
        }
    }

    private void TakeMultipart(MimePart part)
    {
        if (part.ContentType != "multipart/alternative")
        {
            foreach (var inner in part.Parts)
                Take(inner);
            return;
        }

        // The last alternative is the richest (RFC 2046 5.1.4), the plain one the best for a terminal.
        var shown = part.Parts.Find(HasPlainText) ?? part.Parts.FindLast(inner => inner.IsInlineText) ?? part.Parts[^1];
        foreach (var inner in part.Parts)
        {
            if (inner == shown || !(inner.IsInlineText || inner.IsMultipart))
                Take(inner);
            else
                TakeAttachmentsOf(inner);
        }
    }

    // What belongs to an alternative that is not shown, such as the pictures of the HTML, can be saved still.
    private void TakeAttachmentsOf(MimePart part)
    {
        foreach (var inner in part.Parts)
        {
            if (inner.IsMultipart)
                TakeAttachmentsOf(inner);
            else if (!inner.IsInlineText)
                Take(inner);
        }
    }

    private static bool HasPlainText(MimePart part) =>
        part.IsMultipart ? part.Parts.Exists(HasPlainText) : part.IsInlineText && part.ContentType == "text/plain";

    private void AddText(string text)
    {
        if (_text.Length >= MaxText || text.Length == 0)
            return;
        if (_text.Length > 0)
            _text.Append("\n\n");
        var room = MaxText - _text.Length;
        _text.Append(text.Length <= room ? text : text[..Math.Max(0, room)] + "\n\n[The text goes on; save the message to read it all.]");
    }

    private string NameOf(MimePart part)
    {
        var otherwise = $"attachment-{_attachments.Count + 1}{ContentTypes.ExtensionOf(part.ContentType)}";
        return SafeFileName.From(part.FileName, otherwise);
    }
}
