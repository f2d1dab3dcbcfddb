namespace MailServer.Core.Mail;

/// <summary>Counts the Received fields in a message's header as its text passes by, in any blocks (RFC 5321 6.3).</summary>
/// <remarks>A field's name may have blanks before its colon (RFC 5322 4.5).</remarks>
public struct ReceivedCounter()
{
    private const int NoMatch = -1;

    // How much of the name was matched in this line, or NoMatch when the line is another field.
    private int _matched;

    /// <summary>Fields so far.</summary>
    public int Count { get; private set; }

    /// <summary>True once a blank line has ended the header.</summary>
    public bool IsBehindHeader { get; private set; }

    private static ReadOnlySpan<byte> Name => "received"u8;

    /// <summary>Looks at the next piece of the text; costs nothing behind the header.</summary>
    public void Observe(ReadOnlySpan<byte> text)
    {
        while (!IsBehindHeader && !text.IsEmpty)
        {
            if (_matched == NoMatch)
            {
                var lineFeed = text.IndexOf((byte)'\n');
                if (lineFeed < 0)
                    return;
                text = text[(lineFeed + 1)..];
                _matched = 0;
                continue;
            }

            var octet = text[0];
            if (_matched == 0 && octet is (byte)'\r' or (byte)'\n')
                IsBehindHeader = true;
            else
                text = text[Match(octet)..];
        }
    }

    // The count of octets that were used: one, or none when the line is no Received field, or no longer one.
    private int Match(byte octet)
    {
        if (_matched < Name.Length && (octet | 0x20) == Name[_matched])
        {
            _matched++;
            return 1;
        }

        if (_matched == Name.Length && octet is (byte)' ' or (byte)'\t')
            return 1;
        if (_matched == Name.Length && octet == ':')
            Count++;
        _matched = NoMatch;
        return 0;
    }
}
