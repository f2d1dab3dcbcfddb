using System.Buffers;
using System.Text;
using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp;

/// <summary>An answer of one or more lines (RFC 5321 4.2.1).</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Enhanced">The enhanced code (RFC 2034), or null where the RFC wants none.</param>
/// <param name="Lines">The texts, one per line, at least one.</param>
public sealed record SmtpReply(int Code, string? Enhanced, params IReadOnlyList<string> Lines) : IReply
{
    public bool IsPositive => Code < 400;

    public bool IsIntermediate => Code is >= 300 and < 400;

    public bool Ends { get; init; }

    // Not the refusal of a sender or recipient: a mailing list with many dead addresses must not lose its connection.
    public bool IsBadCommand => Code is >= 500 and < 510 or 555;

    public string Status => Enhanced is null ? $"{Code}" : $"{Code} {Enhanced}";

    public string FirstLine => Format(0);

    /// <summary>A line as it is sent, without its end.</summary>
    public string Format(int line)
    {
        var separator = line == Lines.Count - 1 ? ' ' : '-';
        return Enhanced is null ? $"{Code}{separator}{Lines[line]}" : $"{Code}{separator}{Enhanced} {Lines[line]}";
    }

    /// <summary>Writes every line, ended by CRLF.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            Encoding.UTF8.GetBytes(Format(i), output);
            output.Write("\r\n"u8);
        }
    }
}
