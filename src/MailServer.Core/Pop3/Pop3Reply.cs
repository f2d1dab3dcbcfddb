using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;

namespace MailServer.Core.Pop3;

/// <summary>An answer (RFC 1939 3): a word, a text, and for some commands more lines.</summary>
/// <param name="Word"><c>+OK</c>, <c>-ERR</c>, or <c>+</c> for a SASL challenge (RFC 5034 4).</param>
/// <param name="Text">What follows the word, with the response code (RFC 2449 8) if there is one.</param>
/// <param name="Body">The lines of a multi-line answer, or null.</param>
public sealed record Pop3Reply(string Word, string Text, IMultilineBody? Body = null) : IReply
{
    public bool IsPositive => Word != "-ERR";

    public bool IsIntermediate { get; init; }

    public bool Ends { get; init; }

    public bool IsBadCommand { get; init; }

    /// <summary>True when the text holds words from a message, which no log may show.</summary>
    public bool HoldsText { get; init; }

    public string Status => Text is ['[', ..] && Text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? Text[1..end] : Word;

    public string FirstLine => $"{Word} {Text}";
}
