using System.Collections.Frozen;

namespace MailServer.Core.Sessions;

/// <summary>The states in which a command may come, and where it leads. A refused command moves nothing.</summary>
/// <param name="States">Where it may come.</param>
/// <param name="Completed">The state after it is done, and after the message that it asked for has ended, taken or not; null: the same.</param>
/// <param name="Intermediate">The state while it is accepted and more is to come; null: the same.</param>
public record CommandRow<TState>(TState States, TState? Completed, TState? Intermediate)
    where TState : struct, Enum
{
    /// <summary>Where a reply to the command leads; null: no reply yet, because it comes after the octets that follow.</summary>
    public TState? After(IReply? reply) => reply is null or { IsIntermediate: true } ? Intermediate : reply.IsPositive ? Completed : null;
}

/// <summary>A row of the table of commands.</summary>
public sealed record CommandRow<TCommand, TState>(TCommand Command, TState States, TState? Completed = null, TState? Intermediate = null)
    : CommandRow<TState>(States, Completed, Intermediate)
    where TCommand : SessionCommand
    where TState : struct, Enum;

/// <summary>Which command may come when, and where it leads: the whole order of a protocol.</summary>
public sealed class CommandTable<TCommand, TState>
    where TCommand : SessionCommand
    where TState : struct, Enum
{
    private readonly FrozenDictionary<string, CommandRow<TCommand, TState>[]> _byVerb;

    /// <param name="rows">A verb may have several rows, for states from which it leads elsewhere.</param>
    public CommandTable(IReadOnlyList<CommandRow<TCommand, TState>> rows)
    {
        Rows = rows;
        _byVerb = rows.GroupBy(row => row.Command.Verb, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<CommandRow<TCommand, TState>> Rows { get; }

    /// <summary>Every command once, in the order of the table.</summary>
    public IEnumerable<TCommand> Commands => Rows.Select(row => row.Command).DistinctBy(command => command.Verb, StringComparer.Ordinal);

    /// <summary>The command of a verb in any letter case, or null when it is not known.</summary>
    public TCommand? Find(string verb) => _byVerb.TryGetValue(verb, out var rows) ? rows[0].Command : null;

    /// <summary>The row of a verb in a state, or null when the command may not come there.</summary>
    public CommandRow<TCommand, TState>? Find(string verb, TState state)
    {
        if (!_byVerb.TryGetValue(verb, out var rows))
            return null;
        foreach (var row in rows)
        {
            if (row.States.HasFlag(state))
                return row;
        }

        return null;
    }
}
