using MailServer.Core.Mail;

namespace MailClient.Mime;

/// <summary>What a header says about a message, decoded; from others, so for a terminal only through <see cref="TerminalText"/>.</summary>
/// <param name="Received">When the reader's server took it, or else when it was sent; null when neither can be read.</param>
internal sealed record MessageSummary(string From, string To, string Cc, string Subject, DateTimeOffset? Received)
{
    // Longer values are cut: nobody reads them, and they may be millions of folds.
    private const int MaxValue = 4_096;

    public string MessageId { get; private init; } = "";

    public string References { get; private init; } = "";

    public string ReplyTo { get; private init; } = "";

    /// <summary>Reads a header's octets.</summary>
    public static MessageSummary Read(ReadOnlySpan<byte> header)
    {
        var trace = HeaderFields.Find(header, "Received");
        var received = trace is null ? null : MailDate.TryParse(trace[(trace.LastIndexOf(';') + 1)..]);
        return new(
            Decoded(header, "From"),
            Decoded(header, "To"),
            Decoded(header, "Cc"),
            Decoded(header, "Subject"),
            received ?? MailDate.TryParse(HeaderFields.Find(header, "Date") ?? ""))
        {
            MessageId = Cut(HeaderFields.Find(header, "Message-ID") ?? ""),
            References = Cut(HeaderFields.Find(header, "References") ?? ""),
            ReplyTo = Decoded(header, "Reply-To"),
        };
    }

    /// <summary>The address alone of the one to answer, or null when there is none that can be written to.</summary>
    public string? ReplyAddress()
    {
        var field = ReplyTo.Length > 0 ? ReplyTo : From;
        var (open, close) = (field.LastIndexOf('<'), field.LastIndexOf('>'));
        var address = open >= 0 && close > open ? field[(open + 1)..close] : field;
        return MailAddress.Problem(address.Trim()) is null ? address.Trim() : null;
    }

    private static string Decoded(ReadOnlySpan<byte> header, string name) =>
        EncodedWord.Decode(Cut(HeaderFields.Find(header, name) ?? ""));

    private static string Cut(string value) => value.Length <= MaxValue ? value : value[..MaxValue];
}
