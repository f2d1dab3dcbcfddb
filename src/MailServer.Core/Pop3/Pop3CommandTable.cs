using System.Collections.Frozen;
using MailServer.Core.Pop3.Commands;
using static MailServer.Core.Pop3.Pop3State;

namespace MailServer.Core.Pop3;

/// <summary>A command and the states in which it may come. The state itself follows from holding a maildrop.</summary>
public sealed record Pop3Row(Pop3Command Command, Pop3State States);

/// <summary>The machine: which command may come when. A refused command never moves the state.</summary>
public static class Pop3CommandTable
{
    public static IReadOnlyList<Pop3Row> Rows { get; } =
    [
        new(new UserCommand(), Authorization),
        new(new PassCommand(), Any),
        new(new AuthCommand(), Authorization),
        new(new StlsCommand(), Authorization),
        new(new Utf8Command(), Authorization),
        new(new CapaCommand(), Any),
        new(new StatCommand(), Transaction),
        new(new ListCommand(), Transaction),
        new(new UidlCommand(), Transaction),
        new(new RetrCommand(), Transaction),
        new(new TopCommand(), Transaction),
        new(new DeleCommand(), Transaction),
        new(new RsetCommand(), Transaction),
        new(new NoopCommand(), Transaction),
        new(new HelpCommand(), Any),
        new(new QuitCommand(), Any),
    ];

    private static readonly FrozenDictionary<string, Pop3Row> ByVerb =
        Rows.ToFrozenDictionary(row => row.Command.Verb, StringComparer.OrdinalIgnoreCase);

    /// <summary>The row of a verb in any letter case, or null when it is not known.</summary>
    public static Pop3Row? For(string verb) => ByVerb.GetValueOrDefault(verb);
}
