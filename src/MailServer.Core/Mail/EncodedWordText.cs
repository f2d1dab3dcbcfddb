using System.Buffers;
using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail;

/// <summary>What adjacent encoded words of one charset say together (RFC 2047 4).</summary>
/// <param name="declared">What octets of eight bits are that stand in a word of UTF-8 and are no UTF-8.</param>
internal sealed class EncodedWordText(Encoding charset, Encoding? declared)
{
    // The shift states of ISO 2022 and HZ begin anew with every word.
    private readonly bool _isStateful = charset.CodePage is >= 50220 and <= 50229 or 52936;

    private readonly StringBuilder _text = new();
    private readonly ArrayBufferWriter<byte> _octets = new();

    // Bits of base64 that the next word completes, and how many.
    private (int Bits, int Count) _open;

    /// <summary>True when a word of this charset may hold the rest of a character of the one before.</summary>
    public bool Continues(Encoding other) => !_isStateful && other.CodePage == charset.CodePage;

    /// <summary>Adds a word's encoded text. False when it cannot be decoded, and then nothing is added.</summary>
    public bool TryAdd(ReadOnlySpan<byte> encoded, bool isBase64)
    {
        if (isBase64)
            return TryAddBase64(encoded);
        _open = default;
        AddQuotedPrintable(encoded);
        return true;
    }

    public void AppendTo(StringBuilder text)
    {
        EndOctets();
        text.Append(_text);
    }

    // With or without padding, in one piece or in several, with blanks between. Where a word ends within an octet, the next word has
    // the rest of it; where the bits that are left are zero, they are filling that a sender left without its padding.
    private bool TryAddBase64(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[encoded.Length];
        var (length, open) = (0, _open);
        foreach (var octet in encoded)
        {
            if (octet is (byte)' ' or (byte)'\t')
                continue;
            if (octet == '=')
            {
                open = default;
                continue;
            }

            if (ValueOf(octet) is not (>= 0 and var value))
                return false;
            open = ((open.Bits << 6) | value, open.Count + 6);
            if (open.Count < 8)
                continue;
            open.Count -= 8;
            decoded[length++] = (byte)(open.Bits >> open.Count);
            open.Bits &= (1 << open.Count) - 1;
        }

        _octets.Write(decoded.AsSpan(0, length));
        _open = open is { Bits: 0, Count: < 6 } ? default : open;
        return true;
    }

    private static int ValueOf(byte octet) => octet switch
    {
        >= (byte)'A' and <= (byte)'Z' => octet - 'A',
        >= (byte)'a' and <= (byte)'z' => octet - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => octet - '0' + 52,
        (byte)'+' or (byte)'-' => 62,
        (byte)'/' or (byte)'_' => 63,
        _ => -1,
    };

    private void AddQuotedPrintable(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var length = 1;
            if (text[0] >= 0x80)
            {
                length = text.IndexOfAnyInRange((byte)0, (byte)0x7F) is >= 0 and var ascii ? ascii : text.Length;
                AddRaw(text[..length]);
            }
            else if (text[0] == '=' && text.Length > 2
                && byte.TryParse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                length = 3;
                _octets.Write([octet]);
            }
            else
            {
                _octets.Write(text[0] == '_' ? " "u8 : text[..1]);
            }

            text = text[length..];
        }
    }

    // A word has seven bits. Octets of eight are what the charset says, unless they can hardly be that.
    private void AddRaw(ReadOnlySpan<byte> octets)
    {
        var utf8 = Charsets.TryUtf8(octets);
        if (charset is UTF8Encoding ? utf8 is null : charset.IsSingleByte && utf8 is not null)
        {
            EndOctets();
            _text.Append(utf8 ?? Charsets.TextOf(octets, declared));
        }
        else
        {
            _octets.Write(octets);
        }
    }

    private void EndOctets()
    {
        _text.Append(charset.GetString(_octets.WrittenSpan));
        _octets.ResetWrittenCount();
    }
}
