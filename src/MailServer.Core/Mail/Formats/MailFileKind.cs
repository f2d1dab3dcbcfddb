using System.Buffers;
using MailServer.Core.Wire;

namespace MailServer.Core.Mail.Formats;

/// <summary>What a file is.</summary>
public enum MailFileKind
{
    /// <summary>No mail.</summary>
    Unknown,

    /// <summary>Nothing lies in it, or blank lines.</summary>
    Empty,

    Mbox,

    Message,
}

/// <summary>Tells from its beginning what a file is that is in no <see cref="UnreadableForm"/>.</summary>
public static class MailFileKinds
{
    /// <summary>Octets of a file that are enough.</summary>
    public const int Beginning = MboxSeparator.Lookahead;

    private static readonly string[] _fields = ["From", "Date", "Received", "Return-Path", "Message-ID", "Subject"];

    /// <summary>Looks at the beginning of a file.</summary>
    /// <param name="isChosen">True when somebody says that it is mail: then any field makes a message.</param>
    public static MailFileKind Of(ReadOnlySpan<byte> beginning, bool isChosen)
    {
        if (beginning.StartsWith(HeaderFields.ByteOrderMark))
            beginning = beginning[HeaderFields.ByteOrderMark.Length..];
        beginning = beginning.TrimStart("\r\n"u8);
        if (beginning.IsEmpty)
            return MailFileKind.Empty;
        var (lineEnds, lines) = (new LineEndNormalizer(), new ArrayBufferWriter<byte>(2 * Beginning));
        lineEnds.Write(beginning, lines);
        lineEnds.Finish(lines);
        var text = lines.WrittenSpan;
        var second = text[(text.IndexOf((byte)'\n') + 1)..];
        if (MboxSeparator.IsAt(text, isBehindBlankLine: true) || (text.StartsWith(FromLine.Start) && HeaderFields.NameOf(second).Length > 0 && HeaderFields.NameOf(text).Length == 0))
            return MailFileKind.Mbox;
        // A line of an mbox may have been left above a message, with its sign.
        if (HeaderFields.NameOf(text.StartsWith(">From "u8) ? second : text).IsEmpty)
            return MailFileKind.Unknown;
        if (isChosen)
            return MailFileKind.Message;
        foreach (var field in _fields)
        {
            if (HeaderFields.FindOctets(text, field) is not null)
                return MailFileKind.Message;
        }

        return ExportHeader.TryParse(text, out _) is null ? MailFileKind.Unknown : MailFileKind.Message;
    }
}
