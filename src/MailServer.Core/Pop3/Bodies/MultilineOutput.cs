using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3.Bodies;

/// <summary>Writes the lines of a multi-line answer, dot-stuffed, and keeps what waits to be sent bounded.</summary>
public sealed class MultilineOutput(PipeWriter output)
{
    private const int FlushAt = 64 * 1024;

    // Two numbers, a blank and a line end.
    private const int LongestRow = 48;

    private DotEncoder _encoder = new();

    /// <summary>Writes a piece of text as it is, but for the dots.</summary>
    public void Write(ReadOnlySpan<byte> text) => _encoder.Write(text, output);

    /// <summary>Writes a piece of text without ending its line.</summary>
    public void WriteText(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Ends the line, if one was begun.</summary>
    public void EndLine()
    {
        if (!_encoder.IsAtLineStart)
            Write("\r\n"u8);
    }

    /// <summary>Writes a line.</summary>
    public void WriteLine(string line) => WriteText(line + "\r\n");

    /// <summary>Writes <c>number value</c>, as LIST does.</summary>
    public void WriteRow(int number, long value)
    {
        Span<byte> row = stackalloc byte[LongestRow];
        Utf8Formatter.TryFormat(value, row[StartRow(row, number)..], out var length);
        EndRow(row, StartRow(row, number) + length);
    }

    /// <summary>Writes <c>number text</c>, as UIDL does.</summary>
    public void WriteRow(int number, ReadOnlySpan<byte> text)
    {
        Span<byte> row = stackalloc byte[LongestRow + Mail.IMaildrop.MaxUniqueId];
        var length = StartRow(row, number);
        text.CopyTo(row[length..]);
        EndRow(row, length + text.Length);
    }

    /// <summary>Sends what has gathered, once it is much. Call after each message or some rows.</summary>
    public async ValueTask FlushIfFullAsync(CancellationToken cancellation)
    {
        if (output.UnflushedBytes >= FlushAt)
            await output.FlushAsync(cancellation);
    }

    /// <summary>Ends the answer with the lone dot.</summary>
    public void Finish() => _encoder.Finish(output);

    private static int StartRow(Span<byte> row, int number)
    {
        Utf8Formatter.TryFormat(number, row, out var length);
        row[length] = (byte)' ';
        return length + 1;
    }

    private void EndRow(Span<byte> row, int length)
    {
        "\r\n"u8.CopyTo(row[length..]);
        Write(row[..(length + 2)]);
    }
}
