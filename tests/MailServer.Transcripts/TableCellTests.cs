using MailServer.Core.Pop3;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp;

namespace MailServer.Transcripts;

/// <summary>
/// Every cell of both command tables is obeyed, and some transcript says so: each one is changed in turn, and a transcript must fail for it.
/// </summary>
public sealed class TableCellTests
{
    private static readonly SmtpState[] SmtpStates = [SmtpState.Connected, SmtpState.Ready, SmtpState.Sender, SmtpState.Recipients, SmtpState.Chunks];

    private static readonly Pop3State[] Pop3States = [Pop3State.Authorization, Pop3State.Transaction];

    // Only these are accepted before they are done, and read commands meanwhile; no command is read between DATA and its end.
    private static readonly string[] Intermediate = ["BDAT", "USER", "AUTH"];

    // These have no positive reply at all.
    private static readonly string[] NeverCompleted = ["EXPN"];

    public static TheoryData<string> SmtpCells => [.. Changes(SmtpCommandTable.Standard, SmtpStates, SmtpState.Closed).Select(change => change.Name)];

    public static TheoryData<string> Pop3Cells => [.. Changes(Pop3CommandTable.Standard, Pop3States, Pop3State.Closed).Select(change => change.Name)];

    [Theory]
    [MemberData(nameof(SmtpCells))]
    public async Task Some_SMTP_transcript_fails_without(string cell)
    {
        var table = Changes(SmtpCommandTable.Standard, SmtpStates, SmtpState.Closed).Single(change => change.Name == cell).Table;
        await AssertOneFailsAsync("Smtp/", cell.Split(' ')[0], new(Smtp: table));
    }

    [Theory]
    [MemberData(nameof(Pop3Cells))]
    public async Task Some_POP3_transcript_fails_without(string cell)
    {
        var table = Changes(Pop3CommandTable.Standard, Pop3States, Pop3State.Closed).Single(change => change.Name == cell).Table;
        await AssertOneFailsAsync("Pop3/", cell.Split(' ')[0], new(Pop3: table));
    }

    // Those first that say the verb.
    private static async Task AssertOneFailsAsync(string folder, string verb, Tables tables)
    {
        var transcripts = TranscriptFiles.Names.Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Select(TranscriptFiles.Read)
            .OrderByDescending(transcript => transcript.Steps.Count(step => step is Send send && send.Text.Contains($" {verb}", StringComparison.Ordinal)));
        foreach (var transcript in transcripts)
        {
            if (await FailsAsync(transcript, tables))
                return;
        }

        Assert.Fail("Every transcript passes all the same");
    }

    private static async Task<bool> FailsAsync(Transcript transcript, Tables tables)
    {
        await using var player = await DirectPlayer.StartAsync(transcript, Slicing.Whole, tables);
        try
        {
            await Performance.PlayAsync(transcript, player, "changed table");
            return false;
        }
        catch (Exception)
        {
            // A command where it may not come may break the session too: that is a failure like another.
            return true;
        }
    }

    // Every other value of every cell, but for those that say the same.
    private static IEnumerable<(string Name, CommandTable<TCommand, TState> Table)> Changes<TCommand, TState>(
        CommandTable<TCommand, TState> table, TState[] states, TState closed)
        where TCommand : SessionCommand
        where TState : struct, Enum
    {
        for (var i = 0; i < table.Rows.Count; i++)
        {
            var row = table.Rows[i];
            var name = $"{row.Command.Verb} {row.States}:";
            foreach (var state in states.Where(state => row.States.HasFlag(state) || table.Find(row.Command.Verb, state) is null))
                yield return ($"{name} States {(row.States.HasFlag(state) ? "without" : "with")} {state}", With(i, row with { States = Flip(row.States, state) }));
            foreach (var state in NeverCompleted.Contains(row.Command.Verb) ? [] : Others(row, row.Completed, states, closed))
                yield return ($"{name} Completed {state?.ToString() ?? "none"}", With(i, row with { Completed = state }));
            if (!Intermediate.Contains(row.Command.Verb))
                continue;
            foreach (var state in Others(row, row.Intermediate, states, closed))
                yield return ($"{name} Intermediate {state?.ToString() ?? "none"}", With(i, row with { Intermediate = state }));
        }

        CommandTable<TCommand, TState> With(int index, CommandRow<TCommand, TState> changed) =>
            new([.. table.Rows.Select((row, i) => i == index ? changed : row)]);
    }

    // No state is the same as the state that the command comes in, where that is a single one.
    private static IEnumerable<TState?> Others<TCommand, TState>(CommandRow<TCommand, TState> row, TState? cell, TState[] states, TState closed)
        where TCommand : SessionCommand
        where TState : struct, Enum =>
        states.Append(closed).Select(state => (TState?)state).Append(null)
            .Where(state => !Equals(state ?? row.States, cell ?? row.States));

    private static TState Flip<TState>(TState states, TState state)
        where TState : struct, Enum =>
        (TState)Enum.ToObject(typeof(TState), Convert.ToInt32(states, null) ^ Convert.ToInt32(state, null));
}
