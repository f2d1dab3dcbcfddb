using System.Text;

namespace MailClient.Mime;

/// <summary>
/// Finds the parts of a message (RFC 2046 5.1) in one pass over its lines, so that neither nesting nor many parts cost
/// more than linear time.
/// </summary>
internal sealed class MimeReader
{
    /// <summary>Parts beyond this are not looked for; the whole message can still be saved.</summary>
    public const int MaxParts = 1_000;

    /// <summary>Multiparts within multiparts beyond this are shown as they are.</summary>
    public const int MaxDepth = 30;

    // RFC 2046 5.1.1 allows 70 characters.
    private const int MaxBoundary = 250;

    private readonly ReadOnlyMemory<byte> _message;
    private readonly List<(MimePart Part, string? Boundary)> _open = [];
    private readonly Dictionary<string, int> _boundaries = new(StringComparer.Ordinal);
    private int _position;
    private int _parts;

    private MimeReader(ReadOnlyMemory<byte> message) => _message = message;

    /// <summary>Reads a whole message. Any octets are a message of some kind: nothing throws.</summary>
    /// <param name="isCut">True when the message has more parts than are looked for.</param>
    public static MimePart Read(ReadOnlyMemory<byte> message, out bool isCut)
    {
        var reader = new MimeReader(message);
        var root = reader.OpenPart(depth: 0);
        reader.ReadParts();
        isCut = reader._parts > MaxParts;
        return root;
    }

    private void ReadParts()
    {
        while (TryFindDelimiter(out var lineStart, out var index, out var isClosing))
        {
            // Multiparts inside that were not closed end here too.
            CloseFrom(isClosing ? index : index + 1, BeforeLineEnd(lineStart));
            if (isClosing)
                continue;
            if (++_parts > MaxParts)
                break;
            var multipart = _open[index].Part;
            multipart.Parts.Add(OpenPart(multipart.Depth + 1));
        }

        CloseFrom(0, _message.Length);
    }

    private MimePart OpenPart(int depth)
    {
        var start = _position;
        SkipHeader();
        var part = new MimePart(_message, start, _position, depth);
        var boundary = part.IsMultipart && depth < MaxDepth && part.Boundary is { Length: <= MaxBoundary } named ? named : null;

        // A boundary that is in use already belongs to the outer multipart: no part contains itself.
        if (boundary is not null && !_boundaries.TryAdd(boundary, _open.Count))
            boundary = null;
        _open.Add((part, boundary));
        return part;
    }

    private void CloseFrom(int index, int end)
    {
        for (var i = _open.Count - 1; i >= index; i--)
        {
            var (part, boundary) = _open[i];
            part.BodyEnd = Math.Max(part.BodyStart, end);
            if (boundary is not null)
                _boundaries.Remove(boundary);
            _open.RemoveAt(i);
        }
    }

    // Steps behind the blank line that ends the header, or to a delimiter where the blank line is missing.
    private void SkipHeader()
    {
        while (_position < _message.Length)
        {
            var line = LineAt(_position, out var next);
            if (IsDelimiter(line, out _, out _))
                return;
            _position = next;
            if (line.IsEmpty)
                return;
        }
    }

    private bool TryFindDelimiter(out int lineStart, out int index, out bool isClosing)
    {
        while (_boundaries.Count > 0 && _position < _message.Length)
        {
            lineStart = _position;
            var line = LineAt(_position, out var next);
            _position = next;
            if (IsDelimiter(line, out index, out isClosing))
                return true;

            // On to the next line that begins as a delimiter does.
            var ahead = _message.Span[(next - 1)..].IndexOf("\n--"u8);
            _position = ahead < 0 ? _message.Length : next + ahead;
        }

        (lineStart, index, isClosing) = (0, 0, false);
        return false;
    }

    private bool IsDelimiter(ReadOnlySpan<byte> line, out int index, out bool isClosing)
    {
        (index, isClosing) = (0, false);
        if (_boundaries.Count == 0 || !line.StartsWith("--"u8))
            return false;
        var text = line[2..].TrimEnd(" \t"u8);
        if (text.Length > MaxBoundary + 2)
            return false;
        var boundary = Encoding.UTF8.GetString(text);
        if (_boundaries.TryGetValue(boundary, out index))
            return true;
        isClosing = boundary.EndsWith("--", StringComparison.Ordinal) && _boundaries.TryGetValue(boundary[..^2], out index);
        return isClosing;
    }

    private ReadOnlySpan<byte> LineAt(int start, out int next)
    {
        var rest = _message.Span[start..];
        var lineFeed = rest.IndexOf((byte)'\n');
        next = lineFeed < 0 ? _message.Length : start + lineFeed + 1;
        var line = lineFeed < 0 ? rest : rest[..lineFeed];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    // The line end before a delimiter belongs to it (RFC 2046 5.1.1).
    private int BeforeLineEnd(int position)
    {
        var before = _message.Span[..position];
        if (before.EndsWith("\r\n"u8))
            return position - 2;
        return before.EndsWith("\n"u8) ? position - 1 : position;
    }
}
