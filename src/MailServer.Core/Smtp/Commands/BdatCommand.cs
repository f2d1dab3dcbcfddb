using System.Buffers;
using System.Globalization;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Protocol;

namespace MailServer.Core.Smtp.Commands;

/// <summary>BDAT (RFC 3030 2). Its octets follow at once, so they are read even when it is refused.</summary>
internal sealed class BdatCommand : SmtpCommand
{
    // What is looked at of a line that cannot be read.
    private const int Longest = 128;

    private static ReadOnlySpan<byte> Name => "BDAT"u8;

    public override string Verb => "BDAT";

    public override string Usage => "BDAT octets [LAST]";

    public override string Purpose => "send a counted chunk of the text";

    public override string Details => "the octets follow the line at once; LAST stands with the last chunk";

    public override string Mask(string line) => line;

    public override ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation)
    {
        if (TryParse(argument) is not { } chunk)
            return ValueTask.FromResult<SmtpReply?>(SmtpReplies.BadChunk);
        try
        {
            session.BeginChunk(chunk.Size, chunk.IsLast);
        }
        catch (StoreFault fault)
        {
            session.Observer.StoreFailed(fault);
            session.BeginDrain(chunk.Size, SmtpReplies.For(fault));
        }

        return ValueTask.FromResult<SmtpReply?>(null);
    }

    public override SmtpReply? Refuse(SmtpSession session, string argument, SmtpReply refusal)
    {
        if (TryParse(argument) is not { } chunk)
            return SmtpReplies.BadChunk;
        session.BeginDrain(chunk.Size, refusal);
        return null;
    }

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
