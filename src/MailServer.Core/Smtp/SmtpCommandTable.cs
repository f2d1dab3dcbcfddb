using System.Collections.Frozen;
using MailServer.Core.Smtp.Commands;
using static MailServer.Core.Smtp.SmtpState;

namespace MailServer.Core.Smtp;

/// <summary>A command, the states in which it may come, and where it leads.</summary>
/// <param name="Next">The state after 2xx; null: the same.</param>
/// <param name="Intermediate">The state after 3xx, or after a BDAT line, while what the command asked for comes in.</param>
public sealed record SmtpRow(SmtpCommand Command, SmtpState States, SmtpState? Next = null, SmtpState? Intermediate = null);

/// <summary>The machine: which command may come when. A refused command never moves the state.</summary>
public static class SmtpCommandTable
{
    public static IReadOnlyList<SmtpRow> Rows { get; } =
    [
        new(new HeloCommand(), AnyCommand, Ready),
        new(new EhloCommand(), AnyCommand, Ready),
        new(new PassCommand(), Greeted),
        new(new AuthCommand(), Ready, Ready, Authenticating),
        new(new StartTlsCommand(), Ready, Connected),
        new(new MailCommand(), Ready, Sender),
        new(new RcptCommand(), Sender | Recipients, Recipients),
        new(new DataCommand(), Recipients, Ready, Text),
        new(new BdatCommand(), Recipients | BetweenChunks, Ready, Chunk),
        new(new RsetCommand(), Connected),
        new(new RsetCommand(), Greeted, Ready),
        new(new VrfyCommand(), AnyCommand),
        new(new ExpnCommand(), AnyCommand),
        new(new HelpCommand(), AnyCommand),
        new(new NoopCommand(), AnyCommand),
        new(new QuitCommand(), AnyCommand, Closed),
    ];

    /// <summary>Every command once, in the order of the table.</summary>
    public static IEnumerable<SmtpCommand> Commands => Rows.Select(row => row.Command).DistinctBy(command => command.Verb, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, SmtpRow[]> ByVerb =
        Rows.GroupBy(row => row.Command.Verb, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(rows => rows.Key, rows => rows.ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The rows of a verb in any letter case; empty when it is not known.</summary>
    public static ReadOnlySpan<SmtpRow> For(string verb) => ByVerb.TryGetValue(verb, out var rows) ? rows : [];

    /// <summary>The row of a verb in a state, or null when the command may not come there.</summary>
    public static SmtpRow? For(string verb, SmtpState state)
    {
        foreach (var row in For(verb))
        {
            if (row.States.HasFlag(state))
                return row;
        }

        return null;
    }
}
