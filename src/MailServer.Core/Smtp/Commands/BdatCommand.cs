using System.Buffers;
using System.Globalization;
using System.Text;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp.Inputs;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp.Commands;

/// <summary>BDAT (RFC 3030 2). Its octets follow at once, so they are read even when it is refused.</summary>
internal sealed class BdatCommand() : SmtpCommand("BDAT", "BDAT octets [LAST]", "send a counted chunk of the text", Arguments.Required)
{
    // What is looked at of a line that cannot be read.
    private const int Longest = 128;

    private static ReadOnlySpan<byte> Name => "BDAT"u8;

    public override string Details => "the octets follow the line at once; LAST stands with the last chunk";

    public override string Mask(string line) => line;

    protected override SmtpOutcome Execute(SmtpSession session, string argument)
    {
        if (TryParse(argument) is not { } chunk)
            return SmtpReplies.BadChunk;
        return new(null, new ChunkInput(session, session.Transaction!.Receive(session), chunk.Size, chunk.IsLast));
    }

    public override SmtpOutcome Refuse(SmtpSession session, string argument, SmtpReply refusal) =>
        TryParse(argument) is { } chunk ? new SmtpOutcome(null, new DiscardInput(chunk.Size, Verb, refusal)) : SmtpReplies.BadChunk;

    /// <summary>
    /// True for a line that was meant as BDAT and may not be readable as one: behind blanks, or with something else than a blank behind the
    /// verb. Its octets follow, and none of them may be taken for a command.
    /// </summary>
    public static bool IsMeantIn(ReadOnlySequence<byte> line)
    {
        var start = line.Slice(0, Math.Min(line.Length, Longest));
        ReadOnlySpan<byte> text = Telnet.HoldsErasure(start) ? Telnet.Erase(start) : start.ToArray();
        text = text.TrimStart(" \t"u8);
        return text.Length >= Name.Length && Ascii.EqualsIgnoreCase(text[..Name.Length], Name)
            && (text.Length == Name.Length || !char.IsAsciiLetterOrDigit((char)text[Name.Length]));
    }

    // bdat-cmd = "BDAT" SP chunk-size [ SP "LAST" ]
    private static (long Size, bool IsLast)? TryParse(string argument)
    {
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isLast = words is [_, var last] && last.Equals("LAST", StringComparison.OrdinalIgnoreCase);
        return (words.Length == 1 || isLast)
            && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? (size, isLast)
                : null;
    }
}
