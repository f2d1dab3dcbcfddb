namespace MailServer.Core.Mail;

/// <summary>Counts the Received fields in a message's header as its text passes by, in any blocks (RFC 5321 6.3).</summary>
public struct ReceivedCounter()
{
    private const int NoMatch = -1;

    // How much of the name was matched in this line, or NoMatch when the line is another field.
    private int _matched;
    private bool _isInBody;

    /// <summary>Fields so far.</summary>
    public int Count { get; private set; }

    private static ReadOnlySpan<byte> Name => "received:"u8;

    /// <summary>Looks at the next piece of the text; costs nothing behind the header.</summary>
    public void Observe(ReadOnlySpan<byte> text)
    {
        while (!_isInBody && !text.IsEmpty)
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
            {
                _isInBody = true;
            }
            else if ((octet | 0x20) == Name[_matched])
            {
                text = text[1..];
                if (++_matched == Name.Length)
                {
                    Count++;
                    _matched = NoMatch;
                }
            }
            else
            {
                _matched = NoMatch;
            }
        }
    }
}
