using System.Globalization;
using System.Text;
using MailServer.Core.Sessions;

namespace MailServer.Docs.Tests;

/// <summary>The parts of a states' page that are computed: the table of answers and the diagram of moves.</summary>
internal static class StatePage
{
    /// <summary>A row for each verb of the table, a column for each state.</summary>
    /// <param name="cell">What a session answers to the verb in the state, and where that leads.</param>
    public static async Task<string> TableAsync<TCommand, TState>(
        CommandTable<TCommand, TState> commands, IEnumerable<TState> states, Func<string, TState, Task<string>> cell)
        where TCommand : SessionCommand
        where TState : struct, Enum
    {
        var columns = states.ToList();
        var table = new StringBuilder($"| verb | {string.Join(" | ", columns)} |\n| --- |{string.Concat(columns.Select(_ => " --- |"))}");
        foreach (var command in commands.Commands)
        {
            table.Append(CultureInfo.InvariantCulture, $"\n| {command.Verb} |");
            foreach (var state in columns)
                table.Append(CultureInfo.InvariantCulture, $" {await cell(command.Verb, state)} |");
        }

        return table.ToString();
    }

    /// <summary>Every move that the table allows, as a Mermaid diagram; a verb in parentheses has been accepted and is not done yet.</summary>
    /// <param name="states">Where commands are read; the first is where a session begins.</param>
    public static string Diagram<TCommand, TState>(CommandTable<TCommand, TState> commands, IEnumerable<TState> states, TState closed)
        where TCommand : SessionCommand
        where TState : struct, Enum
    {
        var columns = states.ToList();
        var moves =
            from state in columns
            from command in commands.Commands
            let row = commands.Find(command.Verb, state)
            where row is not null
            from move in new[] { (Verb: command.Verb, To: row.Completed), (Verb: $"({command.Verb})", To: row.Intermediate) }
            where move.To is { } to && !to.Equals(state)
            group move.Verb by (From: state, To: move.To!.Value);
        var diagram = new StringBuilder($"```mermaid\nstateDiagram-v2\n    [*] --> {columns[0]}\n");
        foreach (var move in moves)
            diagram.Append(CultureInfo.InvariantCulture, $"    {move.Key.From} --> {move.Key.To}: {string.Join(", ", move)}\n");
        return diagram.Append(CultureInfo.InvariantCulture, $"    {closed} --> [*]\n```").ToString();
    }

    /// <summary>The page must be what is computed; with <c>UPDATE_DOCS=1</c> in the environment it is written first.</summary>
    public static async Task CompareAsync(string file, string text)
    {
        var path = Repository.PathOf("docs", file);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(path, text);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }
}
