namespace MailServer.Core.Mail;

/// <summary>
/// Finds fields in a header of any length that comes in blocks, in the memory of one block. Of a field that is longer than a block the
/// beginning is found.
/// </summary>
/// <param name="names">The fields wanted; of each the first one counts.</param>
public sealed class HeaderSearch(params string[] names)
{
    // An address holds no encoded word (RFC 2047 5): decoded, a sender could show himself as another.
    private const string ReturnPath = "Return-Path";

    private const byte LineFeed = (byte)'\n';

    // The most octets of a character that the end of a block may cut off.
    private const int MaxCutOff = 3;

    private readonly string?[] _values = new string?[names.Length];

    // The beginning of a field has been looked at and the rest has not come.
    private bool _isInField;

    /// <summary>The value of a field, decoded unless it is an address, or null when there is none so far.</summary>
    public string? this[string name] => _values[Array.IndexOf(names, name)];

    /// <summary>Looks at the next octets of the header.</summary>
    /// <param name="header">What the last call left, and what has come since.</param>
    /// <param name="isEnd">True when no more of the header comes.</param>
    /// <returns>The count of octets at the end that must be shown again; at least one octet fewer than the header has, so that a full block has room.</returns>
    public int Observe(ReadOnlySpan<byte> header, bool isEnd)
    {
        var start = _isInField ? StartOfField(header, header.IndexOf(LineFeed)) : 0;
        if (start < 0)
            return isEnd ? 0 : Held(header);
        _isInField = false;
        var text = header[start..];
        if (isEnd)
        {
            Find(text);
            return 0;
        }

        var last = StartOfLastField(text);
        if (last > 0)
        {
            Find(text[..last]);
            return text.Length - last;
        }

        if (start > 0)
            return text.Length;
        Find(WithoutCutCharacter(text));
        _isInField = true;
        return Held(text);
    }

    // A line end decides only together with what follows it.
    private static int Held(ReadOnlySpan<byte> text) => text is [.., LineFeed] ? 1 : 0;

    // Where the first field begins from this line feed on, or -1.
    private static int StartOfField(ReadOnlySpan<byte> text, int lineFeed)
    {
        while (lineFeed >= 0 && lineFeed + 1 < text.Length)
        {
            if (text[lineFeed + 1] is not ((byte)' ' or (byte)'\t'))
                return lineFeed + 1;
            var next = text[(lineFeed + 1)..].IndexOf(LineFeed);
            lineFeed = next < 0 ? -1 : lineFeed + 1 + next;
        }

        return -1;
    }

    private static int StartOfLastField(ReadOnlySpan<byte> text)
    {
        for (var end = text.Length - 1; end > 0;)
        {
            var lineFeed = text[..end].LastIndexOf(LineFeed);
            if (lineFeed < 0)
                return 0;
            if (text[lineFeed + 1] is not ((byte)' ' or (byte)'\t'))
                return lineFeed + 1;
            end = lineFeed;
        }

        return 0;
    }

    // Without the octets of a character of UTF-8 whose rest is in the next block.
    private static ReadOnlySpan<byte> WithoutCutCharacter(ReadOnlySpan<byte> text)
    {
        for (var tail = 1; tail <= MaxCutOff && tail <= text.Length && text[^tail] >= 0x80; tail++)
        {
            var needed = text[^tail] switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 0 };
            if (needed > 0)
                return needed > tail ? text[..^tail] : text;
        }

        return text;
    }

    private void Find(ReadOnlySpan<byte> header)
    {
        for (var i = 0; i < names.Length; i++)
            _values[i] ??= names[i] == ReturnPath ? HeaderFields.Find(header, ReturnPath) : HeaderFields.FindDecoded(header, names[i]);
    }
}
