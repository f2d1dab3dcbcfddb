using MailClient.Mailbox;
using MailClient.Mime;
using Spectre.Console;

namespace MailClient.Screens;

/// <summary>A terminal with colours and arrow keys.</summary>
internal sealed class RichScreen(IAnsiConsole console) : IScreen
{
    // Said last, for the next page: what stands on the other one is not seen.
    private Text _news = new("");

    public void Say(string line) => Tell(line, Color.Green);

    public void Warn(string line) => Tell(line, Color.Red);

    public int? Choose(string question, IReadOnlyList<string> choices)
    {
        console.WriteLine();
        return console.Prompt(new SelectionPrompt<int>()
            .Title(Markup.Escape(TerminalText.OneLine(question)))
            .HighlightStyle(new Style(Color.Aqua, decoration: Decoration.Bold))
            .UseConverter(index => Markup.Escape(choices[index]))
            .AddChoices(Enumerable.Range(0, choices.Count)));
    }

    public string? Ask(string question, string preset = "")
    {
        var prompt = new TextPrompt<string>(Markup.Escape(TerminalText.OneLine(question)) + ":").AllowEmpty();
        if (preset.Length > 0)
            console.MarkupLineInterpolated($"[grey]Enter alone takes[/] {TerminalText.OneLine(preset)}");
        var answer = console.Prompt(prompt).Trim();
        return answer.Length > 0 ? answer : preset;
    }

    public string? AskHidden(string question) =>
        console.Prompt(new TextPrompt<string>(Markup.Escape(TerminalText.OneLine(question)) + ":").Secret(null).AllowEmpty());

    public bool Confirm(string question)
    {
        foreach (var line in question.Split('\n')[..^1])
            console.MarkupLineInterpolated($"[yellow]{TerminalText.OneLine(line)}[/]");
        return console.Prompt(new ConfirmationPrompt(Markup.Escape(question.Split('\n')[^1])) { DefaultValue = false });
    }

    public string? AskText(string question)
    {
        console.WriteLine(TerminalText.OneLine(question));
        var lines = new List<string>();
        while (Console.ReadLine() is { } line)
        {
            if (line == ".")
                return string.Join('\n', lines);
            lines.Add(line);
        }

        return null;
    }

    public (ListAction Action, int Number) ChooseMessage(string title, IReadOnlyList<MessageRow> rows, int number) =>
        OnOwnPage(news => new RichList(console, TerminalText.OneLine(title), rows, number, news).Run());

    public ReadAction Read(MessageRow row, ReadableMessage message) => OnOwnPage(news => new RichReader(console, row, message, news).Run());

    public async Task ProgressAsync(string title, long total, Func<IProgress<long>?, Task> workAsync) =>
        await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(TerminalText.OneLine(title)), maxValue: Math.Max(1, total));
                await workAsync(new TaskProgress(task));
                task.Value = task.MaxValue;
            });

    // The terminal's other page, so that what stood there before is back afterwards.
    private T OnOwnPage<T>(Func<Text, T> run)
    {
        var news = _news;
        _news = new("");
        T? result = default;
        if (console.Profile.Capabilities.AlternateBuffer)
            console.AlternateScreen(() => result = run(news));
        else
            result = run(news);
        return result!;
    }

    private void Tell(string line, Color color)
    {
        var text = TerminalText.OneLine(line);
        console.Write(new Text(text + "\n", color));
        _news = new Text(CellText.Fit(text, console.Profile.Width - 1), color);
    }

    /// <summary>Reports at once and in order, as <see cref="Progress{T}"/> does not.</summary>
    private sealed class TaskProgress(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = Math.Min(value, task.MaxValue);
    }
}
