using System.Text;

namespace MailServer.Interop.Tests;

/// <summary>Messages that are meant to make a client take their text for the server's next answers.</summary>
internal static class HostileLetters
{
    /// <summary>As their sender sends them: no line end in them is sure to be CRLF. None holds a bare CR, which is refused.</summary>
    public static IReadOnlyList<byte[]> Sent { get; } = [.. new[]
    {
        "Subject: first\r\n\r\nhello\n.\n+OK 90 octets\r\nFrom: boss@mail.test\r\nSubject: forged\r\n\r\nforged\r\n.\r\nrest\r\n",
        "Subject: LF dot CRLF\r\n\r\nhello\n.\r\n+OK 5 octets\r\nforged\r\n.\r\n",
        "Subject: CRLF dot LF\r\n\r\nhello\r\n.\n+OK 5 octets\nforged\r\n.\n",
        "Subject: LF alone\nFrom: a@b.test\n\nunix\n.\n..\n...\n.dot\n\n\n",
        "Subject: answers\r\n\r\n+OK\r\n-ERR [SYS/TEMP] go away\r\n+OK 1 message (5 octets)\r\n.\r\n.\r\n+OK bye\r\n",
        "Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.a\r\n..a\r\n. \r\n .\r\n.\n.\n.",
        $"Subject: a long line\r\n\r\n{new string('x', 70_000)}\r\n.{new string('y', 70_000)}\n.\n{new string('.', 70_000)}\r\nend\r\n",
        "Subject: 8 bits\r\n\r\nGr\u00fc\u00dfe \u0080\u0085\u00a0\u00ff\r\n\u00ff\u00fe\n.\u00e9\r\n",
        "Subject: a header alone\r\n",
        "Subject: a header and its blank line\r\n\r\n",
        "Subject: blank lines at the end\r\n\r\n\r\n\n\r\n\n",
    }.Select(Encoding.Latin1.GetBytes)];

    /// <summary>The same as DATA can carry it, whose final dot stands behind CRLF.</summary>
    public static byte[] WithLastLineEnd(byte[] sent) => sent switch
    {
        [.., (byte)'\r', (byte)'\n'] => sent,
        [.. var line, (byte)'\n'] => [.. line, .. "\r\n"u8],
        _ => [.. sent, .. "\r\n"u8],
    };

    /// <summary>As the store keeps them, below our own header: every line end CRLF, the last one too, and a blank line behind a header alone.</summary>
    public static byte[] Stored(byte[] sent)
    {
        var text = Encoding.Latin1.GetString(sent).Replace("\r\n", "\n", StringComparison.Ordinal);
        text += text.EndsWith('\n') ? "" : "\n";
        text += text.Contains("\n\n", StringComparison.Ordinal) ? "" : "\n";
        return Encoding.Latin1.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal));
    }
}
