using System.Buffers;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp.Commands;

/// <summary>The word behind HELO or EHLO.</summary>
internal static class GreetingWord
{
    /// <summary>A greeting whose name is in the letters of any code page, as text; null for any other line, which must be UTF-8 (RFC 5321 4.1.4).</summary>
    public static string? TryDecode(ReadOnlySequence<byte> line) =>
        CommandText.StartsWithVerb(line, "HELO"u8) || CommandText.StartsWithVerb(line, "EHLO"u8) ? CommandText.TryDecodeLoosely(line) : null;

    /// <summary>The first word of the argument; what some clients send behind it means nothing.</summary>
    public static string In(string argument)
    {
        var text = argument.AsSpan().Trim([' ', '\t']);
        var blank = text.IndexOfAny(' ', '\t');
        return (blank < 0 ? text : text[..blank]).ToString();
    }

    /// <summary>The word of a whole line, with whatever follows it masked.</summary>
    public static string Masked(string line)
    {
        var (_, argument) = CommandText.Split(line);
        var word = In(argument);
        return word.Length == argument.Trim().Length ? word : $"{word} {CommandText.Mask}";
    }
}
