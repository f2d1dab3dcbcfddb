namespace MailClient.Mime;

/// <summary>A message to be sent. The addresses are such that <see cref="MailAddress.Problem"/> finds nothing.</summary>
internal sealed record OutgoingMessage(string From, IReadOnlyList<string> To, string Subject, string Body)
{
    /// <summary>The files to attach.</summary>
    public IReadOnlyList<FileInfo> Attachments { get; init; } = [];

    /// <summary>The Message-ID field of the message that this one answers, or nothing.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>The ids of the messages before that, or nothing.</summary>
    public string References { get; init; } = "";
}
