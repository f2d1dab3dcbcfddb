using System.Globalization;

namespace MailServer.Core.Pop3.Commands;

/// <summary>TOP (RFC 1939 7).</summary>
internal sealed class TopCommand : Pop3Command
{
    public override string Verb => "TOP";

    public override string Usage => "TOP number lines";

    public override string Purpose => "send a message's header and some lines of its body";

    public override string Mask(string line) => MaskUnlessNumbers(line);

    public override async ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        if (argument.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var number, var lines] || !lines.All(char.IsAsciiDigit))
            return Pop3Replies.BadArgument(Usage);
        var index = session.View.Find(number, out var refusal);
        if (refusal is not null)
            return refusal;
        return Pop3Replies.TopOf(index + 1, await MessageBody.OpenAsync(session, index, cancellation, Lines(lines)));
    }

    // Some clients fetch whole messages by TOP with a huge count: any number of digits is a count. The highest value
    // is RETR's, which marks the message as read.
    private static long Lines(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? Math.Min(lines, long.MaxValue - 1)
            : long.MaxValue - 1;
}
