using System.Buffers;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// Writes messages of a maildrop in the formats of files, in a fixed amount of memory. A message is read twice: that it can be
/// read to its end is known before the first octet is written. Throws <see cref="StoreFault"/> for one that cannot.
/// </summary>
public sealed class MailExport(IMaildrop maildrop)
{
    private const int BlockSize = 64 * 1024;

    private readonly byte[] _block = new byte[BlockSize];
    private readonly ArrayBufferWriter<byte> _lines = new(2 * BlockSize);
    private readonly ArrayBufferWriter<byte> _output = new(2 * BlockSize);

    /// <summary>Appends a message to an mbox (mboxrd), with LF line ends unless only CRLF keeps its octets.</summary>
    public async ValueTask WriteMboxAsync(int index, Stream stream, CancellationToken cancellation)
    {
        var (isPlain, sender) = await SurveyAsync(index, cancellation);
        var fields = await FieldsAsync(index, cancellation);
        var lineEnd = isPlain ? "\n" : "\r\n";
        await WriteAsync(FromLine.Format(sender, fields.ReceivedAt) + lineEnd + fields.Format(lineEnd), stream, cancellation);
        await CopyAsync(index, stream, isPlain, isQuoted: true, cancellation);
        await WriteAsync(lineEnd, stream, cancellation);
    }

    /// <summary>Writes a message as a file of its own, with CRLF line ends (RFC 5322).</summary>
    public async ValueTask WriteEmlAsync(int index, Stream stream, CancellationToken cancellation)
    {
        _ = await SurveyAsync(index, cancellation);
        await WriteAsync((await FieldsAsync(index, cancellation)).Format("\r\n"), stream, cancellation);
        await CopyAsync(index, stream, isPlain: false, isQuoted: false, cancellation);
    }

    /// <summary>Writes a message as a file of a Maildir, with LF line ends unless only CRLF keeps its octets.</summary>
    public async ValueTask WriteMaildirAsync(int index, Stream stream, CancellationToken cancellation)
    {
        var (isPlain, _) = await SurveyAsync(index, cancellation);
        await CopyAsync(index, stream, isPlain, isQuoted: false, cancellation);
    }

    // Whether LF line ends would do, and the sender that the header names.
    private async ValueTask<(bool IsPlain, string? Sender)> SurveyAsync(int index, CancellationToken cancellation)
    {
        var survey = new LineEndSurvey();
        string? sender = null;
        for (var offset = 0L; await maildrop.ReadAsync(index, offset, _block, cancellation) is > 0 and var count; offset += count)
        {
            if (offset == 0)
                sender = HeaderFields.Find(_block.AsSpan(0, count), "Return-Path")?.Trim('<', '>');
            survey.Observe(_block.AsSpan(0, count));
        }

        return (survey.IsPlain, new FromLine(sender ?? "", null).Address);
    }

    private async ValueTask<MovedFields> FieldsAsync(int index, CancellationToken cancellation) =>
        new(await maildrop.ReceivedAtAsync(index, cancellation), UniqueId.Of(maildrop, index), maildrop.Entries[index].IsRead);

    private async ValueTask CopyAsync(int index, Stream stream, bool isPlain, bool isQuoted, CancellationToken cancellation)
    {
        var (contractor, quoting) = (new LineEndContractor(), new MboxQuoting());
        for (var offset = 0L; await maildrop.ReadAsync(index, offset, _block, cancellation) is > 0 and var count; offset += count)
        {
            _lines.ResetWrittenCount();
            if (isPlain)
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
        Encoding.ASCII.GetBytes(text, _output);
        await FlushAsync(stream, cancellation);
    }

    private async ValueTask FlushAsync(Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync(_output.WrittenMemory, cancellation);
        _output.ResetWrittenCount();
    }
}
