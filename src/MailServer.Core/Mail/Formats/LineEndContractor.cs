using System.Buffers;

namespace MailServer.Core.Mail.Formats;

/// <summary>Turns CRLF into LF, in blocks of any size. A text of CRLF lines can be had back from what is written.</summary>
public struct LineEndContractor()
{
    private bool _holdsCarriageReturn;

    /// <summary>Passes a piece of the text on; it must end behind an LF in the end.</summary>
    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_holdsCarriageReturn && text[0] != '\n')
                output.Write("\r"u8);
            _holdsCarriageReturn = false;
            var carriageReturn = text.IndexOf((byte)'\r');
            output.Write(carriageReturn < 0 ? text : text[..carriageReturn]);
            if (carriageReturn < 0)
                return;
            _holdsCarriageReturn = true;
            text = text[(carriageReturn + 1)..];
        }
    }
}
