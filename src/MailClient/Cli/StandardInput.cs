using System.Text;
using MailClient.Mime;

namespace MailClient.Cli;

/// <summary>The standard input as octets: a password's line, and behind it a message.</summary>
internal static class StandardInput
{
    private const int MaxLine = 4_096;

    private static readonly Lazy<Stream> Input = new(Console.OpenStandardInput);

    /// <summary>The next line without its end. Reads no octet beyond it.</summary>
    public static string ReadLine()
    {
        var line = new List<byte>();
        while (line.Count < MaxLine && Input.Value.ReadByte() is >= 0 and not '\n' and var octet)
            line.Add((byte)octet);
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }

    /// <summary>All the rest as text.</summary>
    public static async Task<string> ReadTextAsync()
    {
        using var octets = new MemoryStream();
        await Input.Value.CopyToAsync(octets);
        return Charsets.Decode(octets.ToArray(), charset: null);
    }
}
