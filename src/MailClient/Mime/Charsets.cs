using System.Text;

namespace MailClient.Mime;

/// <summary>Turns octets into text by the charset that a message names, or the likeliest one.</summary>
internal static class Charsets
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static Charsets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The text of these octets. Without a known charset: UTF-8 if it is that, else Windows-1252.</summary>
    public static string Decode(ReadOnlySpan<byte> octets, string? charset)
    {
        // Senders that name US-ASCII and send more mean what their system speaks.
        if (charset is not null && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) && TryFind(charset) is { } encoding)
            return encoding.GetString(octets);
        try
        {
            return StrictUtf8.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.GetEncoding(1252).GetString(octets);
        }
    }

    private static Encoding? TryFind(string name)
    {
        try
        {
            return Encoding.GetEncoding(name.Trim());
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // UTF-7 is known and not supported: it hides markup from filters.
            return null;
        }
    }
}
