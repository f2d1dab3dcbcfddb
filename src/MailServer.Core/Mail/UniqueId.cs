using System.Text;

namespace MailServer.Core.Mail;

/// <summary>What may be a unique-id (RFC 1939 7).</summary>
public static class UniqueId
{
    /// <summary>The longest one in octets.</summary>
    public const int MaxLength = 70;

    /// <summary>True for 1 to 70 characters from 0x21 to 0x7E.</summary>
    public static bool IsValid(string text) => text.Length is > 0 and <= MaxLength && text.All(c => c is >= '!' and <= '~');

    /// <summary>The unique-id of a message, as text.</summary>
    public static string Of(IMaildrop maildrop, int index)
    {
        Span<byte> octets = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(octets[..maildrop.WriteUniqueId(index, octets)]);
    }
}
