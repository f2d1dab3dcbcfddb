namespace MailServer.Core.Sessions;

/// <summary>What a command, or the end of an input, leads to.</summary>
/// <param name="Reply">The reply to send; null when the next input's end brings it.</param>
/// <param name="Next">What the octets that come next are; null for commands.</param>
public readonly record struct Outcome<TState, TReply>(TReply? Reply, SessionInput<TState, TReply>? Next = null)
    where TState : struct, Enum
    where TReply : class, IReply
{
    /// <summary>The verb that the reply answers, for the log; <c>?</c> for what is none.</summary>
    public string Verb { get; init; } = "?";

    /// <summary>The state to enter, from the command's row of the table; null: no move.</summary>
    public TState? State { get; init; }

    public static implicit operator Outcome<TState, TReply>(TReply reply) => new(reply);
}
