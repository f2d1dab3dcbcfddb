using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MailClient.Mime;

/// <summary>Takes the next octets of a message; they may be reused after the task has ended.</summary>
internal delegate ValueTask OctetOutput(ReadOnlyMemory<byte> octets);

/// <summary>Writes a message as it goes over the wire: 7-bit lines with CRLF, files streamed in base64.</summary>
internal sealed class MessageWriter(OutgoingMessage message, TimeProvider clock)
{
    // Base64 lines have 76 characters (RFC 2045 6.8), which are 57 octets of the file.
    private const int LineOctets = 57;
    private const int LineText = 76;
    private const int BlockOctets = LineOctets * 1_024;

    private readonly string _text = TextPart(message.Body);
    private readonly string _boundary = "=_" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>How many octets there are to write, or some more: the SIZE of RFC 1870.</summary>
    public long EstimatedOctets => 2_048 + (message.To.Sum(address => 8L + (4 * address.Length))) + _text.Length + message.Attachments.Sum(FileOctets);

    /// <summary>Writes the whole message. Throws <see cref="IOException"/> when a file cannot be read.</summary>
    public async Task WriteAsync(OctetOutput output)
    {
        await WriteTextAsync(output, Header());
        if (message.Attachments is [])
        {
            await WriteTextAsync(output, _text);
            return;
        }

        await WriteTextAsync(output, $"Content-Type: multipart/mixed; boundary=\"{_boundary}\"\r\n\r\n--{_boundary}\r\n{_text}");
        foreach (var file in message.Attachments)
        {
            await WriteTextAsync(output, $"\r\n--{_boundary}\r\n{FileHeader(file.Name)}\r\n");
            await WriteFileAsync(output, file);
        }

        await WriteTextAsync(output, $"--{_boundary}--\r\n");
    }

    private static ValueTask WriteTextAsync(OctetOutput output, string text) => output(Encoding.UTF8.GetBytes(text));

    private static long FileOctets(FileInfo file) => 1_024 + (((file.Length / LineOctets) + 1) * (LineText + 2));

    private static async Task WriteFileAsync(OctetOutput output, FileInfo file)
    {
        using var input = file.OpenRead();
        var block = new byte[BlockOctets];
        var lines = new ArrayBufferWriter<byte>();
        int length;
        do
        {
            length = await input.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false);
            for (var start = 0; start < length; start += LineOctets)
            {
                var line = block.AsSpan(start, Math.Min(LineOctets, length - start));
                Base64.EncodeToUtf8(line, lines.GetSpan(LineText), out _, out var written);
                lines.Advance(written);
                lines.Write("\r\n"u8);
            }

            await output(lines.WrittenMemory);
            lines.ResetWrittenCount();
        }
        while (length == block.Length);
    }

    private string Header()
    {
        var domain = message.From[(message.From.LastIndexOf('@') + 1)..].Trim('[', ']');
        string[] fields =
        [
            $"Date: {MailDate.Format(clock.GetLocalNow())}",
            $"From: {message.From}",
            $"To: {string.Join(",\r\n ", message.To)}",
            $"Subject: {EncodedText.Encode(TerminalText.OneLine(message.Subject), "Subject: ".Length)}",
            $"Message-ID: <{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}@{domain}>",
            .. Ids("In-Reply-To", message.InReplyTo),
            .. Ids("References", $"{message.References} {message.InReplyTo}"),
            "MIME-Version: 1.0",
        ];
        return string.Concat(fields.Select(field => field + "\r\n"));
    }

    // The ids come from another's message: nothing but ids, each on its line, and the last ones if they are many.
    private static IEnumerable<string> Ids(string name, string ids)
    {
        var sane = ids.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(id => id.Length is > 2 and < 500 && id.StartsWith('<') && id.EndsWith('>') && id.All(char.IsAscii)).TakeLast(20).ToList();
        return sane is [] ? [] : [$"{name}: {string.Join("\r\n ", sane)}"];
    }

    private static string TextPart(string body)
    {
        var text = body.ReplaceLineEndings("\r\n");
        if (text.Length > 0 && !text.EndsWith('\n'))
            text += "\r\n";
        var isPlain = Ascii.IsValid(text) && !text.AsSpan().ContainsAny('\0', '\x1B') && text.Split("\r\n").All(line => line.Length <= 990);
        return isPlain
            ? $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{text}"
            : $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{QuotedPrintable.Encode(text)}";
    }

    private static string FileHeader(string name)
    {
        var type = $"Content-Type: {ContentTypes.Of(name)}\r\nContent-Transfer-Encoding: base64\r\n";
        var isPlain = name.All(character => character is >= ' ' and < '\x7F' and not ('"' or '\\' or '%')) && name.Length < 60;

        // RFC 2231 4: the charset, no language, and every octet but letters, digits and a few signs as %XX.
        return type + "Content-Disposition: attachment;\r\n " + (isPlain
            ? $"filename=\"{name}\"\r\n"
            : $"filename*=utf-8''{Uri.EscapeDataString(name)}\r\n");
    }
}
