using System.Buffers;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// Writes messages of a maildrop in the formats of files, in a fixed amount of memory. Throws <see cref="StoreFault"/> for a message that
/// cannot be read to its end; the caller takes back what was written of it.
/// </summary>
public sealed class MailExport(IMaildrop maildrop)
{
    private const int BlockSize = 64 * 1024;

    private readonly byte[] _block = new byte[BlockSize];
    private readonly ArrayBufferWriter<byte> _lines = new(2 * BlockSize);
    private readonly ArrayBufferWriter<byte> _output = new(2 * BlockSize);

    /// <summary>Appends a message to an mbox (mboxrd), with LF line ends.</summary>
    public async ValueTask WriteMboxAsync(int index, Stream stream, CancellationToken cancellation)
    {
        var fields = await FieldsAsync(index, cancellation);
        await WriteAsync(FromLine.Format(await SenderAsync(index, cancellation), fields.ReceivedAt) + "\n" + fields.Format("\n"), stream, cancellation);
        await CopyAsync(index, stream, hasLineFeeds: true, isQuoted: true, cancellation);
        await WriteAsync("\n", stream, cancellation);
    }

    /// <summary>Writes a message as a file of its own, with CRLF line ends (RFC 5322).</summary>
    public async ValueTask WriteEmlAsync(int index, Stream stream, CancellationToken cancellation)
    {
        await WriteAsync((await FieldsAsync(index, cancellation)).Format("\r\n"), stream, cancellation);
        await CopyAsync(index, stream, hasLineFeeds: false, isQuoted: false, cancellation);
    }

    /// <summary>Writes a message as a file of a Maildir, with LF line ends.</summary>
    public ValueTask WriteMaildirAsync(int index, Stream stream, CancellationToken cancellation) =>
        CopyAsync(index, stream, hasLineFeeds: true, isQuoted: false, cancellation);

    // The sender that the header names, or null.
    private async ValueTask<string?> SenderAsync(int index, CancellationToken cancellation)
    {
        var count = await maildrop.ReadAsync(index, 0, _block, cancellation);
        var path = HeaderFields.Find(_block.AsSpan(0, count), "Return-Path")?.Trim('<', '>');
        return new FromLine(path ?? "", null).Address;
    }

    private async ValueTask<ExportHeader> FieldsAsync(int index, CancellationToken cancellation) =>
        new(await maildrop.ReceivedAtAsync(index, cancellation), UniqueId.Of(maildrop, index), maildrop.Entries[index].IsRead);

    private async ValueTask CopyAsync(int index, Stream stream, bool hasLineFeeds, bool isQuoted, CancellationToken cancellation)
    {
        var (contractor, quoting) = (new LineEndContractor(), new MboxQuoting());
        for (var offset = 0L; await maildrop.ReadAsync(index, offset, _block, cancellation) is > 0 and var count; offset += count)
        {
            _lines.ResetWrittenCount();
            if (hasLineFeeds)
                contractor.Write(_block.AsSpan(0, count), _lines);
            else
                _lines.Write(_block.AsSpan(0, count));
            if (isQuoted)
                quoting.Write(_lines.WrittenSpan, _output);
            else
                _output.Write(_lines.WrittenSpan);
            await FlushAsync(stream, cancellation);
        }

        quoting.Finish(_output);
        await FlushAsync(stream, cancellation);
    }

    private async ValueTask WriteAsync(string text, Stream stream, CancellationToken cancellation)
    {
        Encoding.UTF8.GetBytes(text, _output);
        await FlushAsync(stream, cancellation);
    }

    private async ValueTask FlushAsync(Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync(_output.WrittenMemory, cancellation);
        _output.ResetWrittenCount();
    }
}
