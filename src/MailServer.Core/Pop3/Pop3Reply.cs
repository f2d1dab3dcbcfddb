namespace MailServer.Core.Pop3;

/// <summary>What follows the first line of a multi-line answer (RFC 1939 3).</summary>
public interface IMultilineBody
{
    /// <summary>Writes the lines; the final dot is the session's to write.</summary>
    ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation);
}

/// <summary>An answer (RFC 1939 3): <c>+OK</c> or <c>-ERR</c>, a text, and for some commands more lines.</summary>
/// <param name="IsOk">True for <c>+OK</c>.</param>
/// <param name="Text">What follows the word, with the response code (RFC 2449 8) if there is one.</param>
/// <param name="Body">The lines of a multi-line answer, or null.</param>
public sealed record Pop3Reply(bool IsOk, string Text, IMultilineBody? Body = null)
{
    /// <summary>True when the session ends with this answer.</summary>
    public bool Ends { get; init; }

    /// <summary>True when the client sent what is no command here.</summary>
    public bool IsBadCommand { get; init; }

    /// <summary>The first line as it is sent, without its end.</summary>
    public string FirstLine => (IsOk ? "+OK " : "-ERR ") + Text;
}
