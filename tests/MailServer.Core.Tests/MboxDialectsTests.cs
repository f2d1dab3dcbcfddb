using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Mail.Formats;
using MailServer.Core.Wire;
using MimeKit;

namespace MailServer.Core.Tests;

/// <summary>Every dialect that an mbox is written in gives back the messages that were put into it, and as many as MimeKit finds.</summary>
public sealed class MboxDialectsTests
{
    // Lines that each dialect has its own way to keep from being taken for the next message.
    private static readonly string[] Sentences = ["From here on", "From memory it was.", "From a@b Sat Nov 21 04:37:23 2026", "From "];

    private static readonly Gen<Letter[]> Letters =
        (from fields in Gen.Elements("From: a@b", "To: c@d", "Date: Sat, 21 Nov 2026 04:37:23 +0000", "Status: RO", "X-Long: " + new string('x', 1500), "Received: from a\n\tby b").ListOf()
         from lines in Gen.Elements(["", "", "text", "> quoted", "From: a field", new string('y', 9000), .. Sentences]).ListOf()
         select new Letter(["Subject: x", .. fields], lines.ToArray())).NonEmptyListOf().Select(letters => letters.ToArray());

    static MboxDialectsTests() => MimeKitCharsets.Register();

    /// <summary>
    /// MimeKit takes every line that begins with From for a separator, so it agrees where nobody lets one stand in a body: everywhere but
    /// in mboxcl2, where it is asked to respect lengths as well. It does not know From alone, which Thunderbird writes today, and where lines
    /// end in CR alone it finds nothing at all. One length that reaches to the end of the file over lines of From proves nothing, so in
    /// mboxcl2 there are two messages at least.
    /// </summary>
    [Theory]
    [InlineData("mboxo")]
    [InlineData("mboxrd")]
    [InlineData("mboxcl")]
    [InlineData("mboxcl2")]
    [InlineData("thunderbird")]
    [InlineData("mixed")]
    [InlineData("undated")]
    public void What_is_written_is_read(string dialect) =>
        Prop.ForAll(Letters.ToArbitrary(), Gen.Elements("\n", "\r\n", "\r", "mixed").ToArbitrary(), (letters, lineEnd) =>
        {
            // Lengths are octets of the file, so they need to know its line ends.
            if (dialect.StartsWith("mboxcl", StringComparison.Ordinal) && lineEnd == "mixed")
                lineEnd = "\n";
            if (dialect == "mboxcl2")
                letters = [.. letters, letters[0]];
            var file = Octets.Of(Write(letters, dialect, lineEnd));
            var expected = letters.Select(letter => Stored(string.Join('\n', letter.Header) + "\n\n" + string.Concat(letter.Body.Select(line => line + "\n"))));
            Assert.Equal(expected, ReadAsync(file).AsTask().GetAwaiter().GetResult());
            if (lineEnd != "\r" && dialect != "mixed")
                Assert.Equal(letters.Length, CountByMimeKit(file, dialect == "mboxcl2"));
        }).QuickCheckThrowOnFailure();

    private static string Write(Letter[] letters, string dialect, string lineEnd)
    {
        var file = new StringBuilder();
        for (var i = 0; i < letters.Length; i++)
        {
            var end = lineEnd == "mixed" ? (i % 2 == 0 ? "\n" : "\r\n") : lineEnd;
            var body = string.Concat(letters[i].Body.Select(line => Quote(line, dialect) + end));
            file.Append(Separator(dialect, i)).Append(end);
            foreach (var field in letters[i].Header)
                file.Append(field.Replace("\n", end, StringComparison.Ordinal)).Append(end);
            if (dialect.StartsWith("mboxcl", StringComparison.Ordinal))
                file.Append("Content-Length: ").Append(body.Length).Append(end);
            file.Append(end).Append(body).Append(end);
        }

        return file.ToString();
    }

    private static string Separator(string dialect, int index) => dialect switch
    {
        "thunderbird" => "From - Sat Nov 21 04:37:23 2026",
        "mixed" => (index % 3) switch { 0 => "From - Sat Nov  7 04:37:23 2026", 1 => "From ", _ => "From a@b 2026-11-21T04:37:23Z" },
        "undated" => "From a@b",
        _ => "From a@b Sat Nov 21 04:37:23 2026",
    };

    private static string Quote(string line, string dialect) => dialect switch
    {
        "mboxcl2" => line,
        "mboxo" or "thunderbird" or "undated" => line.StartsWith("From ", StringComparison.Ordinal) ? ">" + line : line,
        _ => line.TrimStart('>').StartsWith("From ", StringComparison.Ordinal) ? ">" + line : line,
    };

    private static string Stored(string text)
    {
        var (lineEnds, output) = (new LineEndNormalizer(), new ArrayBufferWriter<byte>());
        lineEnds.Write(Octets.Of(text), output);
        lineEnds.Finish(output);
        return Octets.Text(output.WrittenSpan);
    }

    private static async ValueTask<List<string>> ReadAsync(byte[] file)
    {
        var reader = await MboxReader.OpenAsync(new MemoryStream(file), CancellationToken.None);
        var (texts, block) = (new List<string>(), new byte[100]);
        while (await reader.NextAsync(CancellationToken.None))
        {
            var text = new ArrayBufferWriter<byte>();
            while (await reader.ReadAsync(block, CancellationToken.None) is > 0 and var count)
                text.Write(block.AsSpan(0, count));
            texts.Add(WithoutLength(Stored(Octets.Text(text.WrittenSpan))));
        }

        return texts;
    }

    private static string WithoutLength(string text)
    {
        var start = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
        return start < 0 ? text : text.Remove(start, text.IndexOf("\r\n", start, StringComparison.Ordinal) + 2 - start);
    }

    private static int CountByMimeKit(byte[] file, bool respectsLengths)
    {
        var options = ParserOptions.Default.Clone();
        options.RespectContentLength = respectsLengths;
        var parser = new MimeParser(options, new MemoryStream(file), MimeFormat.Mbox);
        var count = 0;
        for (; !parser.IsEndOfStream; count++)
            parser.ParseMessage();
        return count;
    }

    private sealed record Letter(string[] Header, string[] Body);
}
