namespace MailServer.Core.Mail.Formats;

/// <summary>
/// A form in which no octet of a file is a message's own: Dovecot (mail_compress, mail_crypt) and people compress or encrypt mail, each
/// message by itself or a whole folder, and Windows saves texts in 16 bits a sign. The first octets show it; a name need not tell of it.
/// </summary>
public static class UnreadableForm
{
    /// <summary>Octets of a file that are enough.</summary>
    public const int Beginning = 16;

    private const string ByDovecot = "by Dovecot; let Dovecot copy the mailbox to another Maildir with that setting off, and import that";

    /// <summary>What a file is, and what to do about it, in words that follow "it is"; null for what can be read.</summary>
    public static string? Of(ReadOnlySpan<byte> beginning) => beginning switch
    {
        [0x1F, 0x8B, 8, ..] or [0x1F, 0x9D, ..] => CompressedBy("gzip"),
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => CompressedBy("bzip2"),
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => CompressedBy("xz"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => CompressedBy("zstd"),
        [0x04, 0x22, 0x4D, 0x18, ..] => CompressedBy("lz4"),
        _ when beginning.StartsWith("Dovecot-LZ4\r*"u8) => "compressed " + ByDovecot,
        _ when beginning.StartsWith("CRYPTED\u0003\u0007"u8) => "encrypted " + ByDovecot,

        // With a byte order mark, or without one where the first signs are of ASCII.
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] => "UTF-16 text; convert it first: iconv -f UTF-16 -t UTF-8",
        _ => null,
    };

    private static string CompressedBy(string program) => $"compressed; unpack it first: {program} -dc";
}
