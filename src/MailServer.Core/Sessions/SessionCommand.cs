using MailServer.Core.Mail;
using MailServer.Core.Wire;

namespace MailServer.Core.Sessions;

/// <summary>What every command has, in whichever protocol: its verb, what HELP says of it, and what may follow it.</summary>
/// <param name="verb">In upper case.</param>
/// <param name="usage">The form, for HELP and for the reply to a wrong argument.</param>
/// <param name="purpose">What it does, in a few words for HELP.</param>
public abstract class SessionCommand(string verb, string usage, string purpose, Arguments arguments)
{
    public string Verb { get; } = verb;

    public string Usage { get; } = usage;

    public string Purpose { get; } = purpose;

    /// <summary>What HELP with the verb adds for a person; empty when there is no more to say.</summary>
    public virtual string Details => "";

    /// <summary>True when the argument is of the form that every argument of this command has.</summary>
    public bool Accepts(string argument) => arguments switch
    {
        Arguments.None => string.IsNullOrWhiteSpace(argument),
        Arguments.Required => !string.IsNullOrWhiteSpace(argument),
        _ => true,
    };

    /// <summary>The line as a log may show it: of what follows the verb only what cannot be a secret typed in the wrong place.</summary>
    public virtual string Mask(string line) =>
        CommandText.Split(line).Argument.Length == 0 ? line : $"{Verb} {CommandText.Mask}";
}

/// <summary>What one verb does: parse, check, act, reply. It does not decide when it may come, and moves no state; the table does.</summary>
public abstract class SessionCommand<TSession, TState, TReply>(string verb, string usage, string purpose, Arguments arguments)
    : SessionCommand(verb, usage, purpose, arguments)
    where TState : struct, Enum
    where TReply : class, IReply
{
    /// <summary>Runs the command. One that waits for nothing overrides <see cref="Execute"/> instead.</summary>
    /// <param name="argument">What followed the verb and one blank, untouched.</param>
    /// <exception cref="StoreFault">The store failed; <see cref="ReplyTo"/> has the reply.</exception>
    public virtual ValueTask<Outcome<TState, TReply>> ExecuteAsync(TSession session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult(Execute(session, argument));

    /// <summary>What a refusal leads to: the reply, but for a command that octets follow, which must be read first.</summary>
    public virtual Outcome<TState, TReply> Refuse(TSession session, string argument, TReply refusal) => refusal;

    /// <inheritdoc cref="ExecuteAsync"/>
    protected virtual Outcome<TState, TReply> Execute(TSession session, string argument) =>
        throw new NotSupportedException($"{Verb} overrides neither Execute nor ExecuteAsync.");

    /// <summary>The reply to a fault of the store within this command.</summary>
    public abstract TReply ReplyTo(StoreFault fault);
}
