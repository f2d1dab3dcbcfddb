using System.Globalization;
using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;

namespace MailServer.Core.Pop3.Commands;

/// <summary>TOP (RFC 1939 7).</summary>
internal sealed class TopCommand() : Pop3Command("TOP", "TOP number lines", "send a message's header and some lines of its body", Arguments.Required)
{
    public override string Mask(string line) => MaskUnlessNumbers(line);

    public override async ValueTask<Pop3Outcome> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        if (argument.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var number, var lines] || !lines.All(char.IsAsciiDigit))
            return Pop3Replies.BadArgument(Usage);
        var found = session.View.Find(number);
        if (found.Index is not { } index)
            return Pop3Replies.For(found);
        return Pop3Replies.TopOf(index + 1, await MessageBody.OpenAsync(session, index, cancellation, Lines(lines)));
    }

    // Some clients fetch whole messages by TOP with a huge count: any number of digits is a count. The highest value
    // is RETR's, which marks the message as read.
    private static long Lines(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? Math.Min(lines, long.MaxValue - 1)
            : long.MaxValue - 1;
}
