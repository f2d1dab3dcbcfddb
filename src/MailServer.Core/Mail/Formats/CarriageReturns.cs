namespace MailServer.Core.Mail.Formats;

/// <summary>Messages of an mbox whose lines end in CR alone, as old Macs wrote them.</summary>
internal static class CarriageReturns
{
    /// <summary>
    /// True when a CR alone ends the first line, that above a message. Its end is the program's that wrote the message down, for no sender
    /// has a word in that line: a CR in the text of any other message must not pass for the end of a line and begin a message.
    /// </summary>
    public static bool EndFirstLineOf(ReadOnlySpan<byte> text) =>
        text.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end && text[end..].TrimStart((byte)'\r') is not [(byte)'\n', ..] && text[end] == '\r';

    /// <summary>A copy with an LF for every CR that no LF follows. Every octet keeps its place.</summary>
    public static byte[] Turned(ReadOnlySpan<byte> text)
    {
        var turned = text.ToArray();
        for (var i = 0; i < turned.Length; i++)
        {
            if (turned[i] == '\r' && !(i + 1 < turned.Length && turned[i + 1] == '\n'))
                turned[i] = (byte)'\n';
        }

        return turned;
    }
}
