namespace MailServer.Core.Pop3.Bodies;

/// <summary>
/// Tells how much of a message TOP sends: the header, the blank line and a count of body lines (RFC 1939 7).
/// Fed with the text in any blocks.
/// </summary>
public struct TopFilter(long bodyLines)
{
    private long _linesLeft = bodyLines;
    private bool _isLineEmpty = true;

    /// <summary>True once the blank line behind the header has come. Not looked for where the whole message is wanted.</summary>
    public bool IsInBody { get; private set; }

    /// <summary>True when no more octets are wanted.</summary>
    public readonly bool IsDone => IsInBody && _linesLeft <= 0;

    /// <summary>The count of octets to send from the start of this block.</summary>
    public int Take(ReadOnlySpan<byte> block)
    {
        if (_linesLeft == long.MaxValue)
            return block.Length;
        var taken = 0;
        while (!IsDone && taken < block.Length)
        {
            var rest = block[taken..];
            var lineFeed = rest.IndexOf((byte)'\n');
            var line = lineFeed < 0 ? rest : rest[..lineFeed];
            _isLineEmpty &= line.IsEmpty || line is [(byte)'\r'];
            if (lineFeed < 0)
                return block.Length;
            taken += lineFeed + 1;
            EndLine();
        }

        return taken;
    }

    private void EndLine()
    {
        if (IsInBody)
            _linesLeft--;
        else
            IsInBody = _isLineEmpty;
        _isLineEmpty = true;
    }
}
