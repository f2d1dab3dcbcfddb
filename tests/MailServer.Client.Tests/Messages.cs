using System.Text;
using MailClient.Mime;

namespace MailServer.Client.Tests;

/// <summary>Messages as tests write them: lines that end in LF here end in CRLF there, and characters are octets.</summary>
internal static class Messages
{
    public static ReadableMessage Read(string message) => ReadableMessage.Read(Octets(message));

    public static byte[] Octets(string message) => Encoding.Latin1.GetBytes(message.ReplaceLineEndings("\r\n"));

    public static async Task<byte[]> WriteAsync(OutgoingMessage message)
    {
        using var octets = new MemoryStream();
        await new MessageWriter(message, TimeProvider.System).WriteAsync(piece => octets.WriteAsync(piece));
        return octets.ToArray();
    }
}
