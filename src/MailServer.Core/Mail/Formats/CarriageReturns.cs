namespace MailServer.Core.Mail.Formats;

/// <summary>Messages of an mbox whose lines end in CR alone, as old Macs wrote them.</summary>
internal static class CarriageReturns
{
    /// <summary>
    /// True when a CR alone ends the first line of the mbox. The program that saved the mail wrote that line, so it shows the file's line ends. A CR
    /// in a message may be its sender's: it shows nothing, and must not end a line and begin a message.
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
