using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail;

/// <summary>The character sets of mail, under all the names that senders give them.</summary>
public static class Charsets
{
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Names that the runtime does not know or takes for too small a set, without signs and in lower case.
    private static readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal)
    {
        ["utf8"] = "utf-8",
        ["unicode11utf8"] = "utf-8",
        ["utf16le"] = "utf-16",
        ["ascii"] = "us-ascii",
        ["ansix341968"] = "us-ascii",
        ["646"] = "us-ascii",
        ["isoir100"] = "iso-8859-1",
        ["csisolatin1"] = "iso-8859-1",
        ["cp819"] = "iso-8859-1",
        ["ibm819"] = "iso-8859-1",
        ["macroman"] = "macintosh",
        ["koi8"] = "koi8-r",
        ["sjis"] = "shift_jis",
        ["xsjis"] = "shift_jis",
        ["mskanji"] = "shift_jis",
        ["windows31j"] = "shift_jis",
        ["eucjp"] = "euc-jp",
        ["euckr"] = "euc-kr",
        ["ksc5601"] = "ks_c_5601-1987",
        ["gbk"] = "gb18030",
        ["xgbk"] = "gb18030",
        ["ms936"] = "gb18030",
        ["cp936"] = "gb18030",
        ["gb2312"] = "gb18030",
        ["gb231280"] = "gb18030",
        ["euccn"] = "gb18030",
        ["xeuccn"] = "gb18030",
        ["hz"] = "hz-gb-2312",
        ["big5hkscs"] = "big5",
        ["xxbig5"] = "big5",
        ["tis620"] = "windows-874",
    };

    // Which part of ISO 8859 the n-th Latin alphabet is.
    private static readonly int[] _latin = [1, 2, 3, 4, 9, 10, 13, 14, 15, 16];

    private static Encoding Windows1252 => Get(1252)!;

    /// <summary>The encoding of a charset's name or alias, or null for one that nobody can read.</summary>
    public static Encoding? Find(string name)
    {
        var key = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Get(_aliases.GetValueOrDefault(key) ?? name.Trim()) ?? FindByNumber(key);
    }

    /// <summary>The text of these octets: UTF-8 if they are that, else the encoding that is declared, else Windows-1252.</summary>
    public static string TextOf(ReadOnlySpan<byte> octets, Encoding? declared) =>
        TryUtf8(octets) ?? (declared is null or UTF8Encoding ? Windows1252 : declared).GetString(octets);

    /// <summary>The text of octets that are UTF-8, or null.</summary>
    public static string? TryUtf8(ReadOnlySpan<byte> octets) =>
        System.Text.Unicode.Utf8.IsValid(octets) ? _strictUtf8.GetString(octets) : null;

    // cp1251, windows1251, ms932; latin-1, iso8859-1, 88591.
    private static Encoding? FindByNumber(string key)
    {
        var digits = key.AsSpan().TrimEnd("0123456789").Length;
        if (!int.TryParse(key.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            return null;
        return key[..digits] switch
        {
            "windows" or "cp" or "xcp" or "ms" or "ibm" or "codepage" => Get(number),
            "latin" or "l" => number <= _latin.Length ? Get($"iso-8859-{_latin[number - 1]}") : null,
            "iso" or "" when key[digits..] is ['8', '8', '5', '9', .. var part] => Get("iso-8859-" + part),
            _ => null,
        };
    }

    // Of the runtime, without its exceptions for unknown names: a header may be made of nothing but those. US-ASCII and the first and fifth
    // Latin alphabet were widened, and senders name the old set and mean the wide one. UTF-7 is left out, as the runtime does.
    private static Encoding? Get(string name) => name.ToLowerInvariant() switch
    {
        "utf-8" => Encoding.UTF8,
        "utf-16" => Encoding.Unicode,
        "utf-16be" => Encoding.BigEndianUnicode,
        "us-ascii" or "iso-8859-1" => Windows1252,
        "iso-8859-9" => Get(1254),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(name),
    };

    private static Encoding? Get(int page) => page switch
    {
        65001 => Encoding.UTF8,
        20127 or 28591 => Windows1252,
        28599 => Get(1254),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(page),
    };
}
