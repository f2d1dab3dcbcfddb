using System.Globalization;
using MailClient.Mailbox;
using MailClient.Mime;

namespace MailClient.Screens;

/// <summary>Plain lines, to be read on any terminal and driven by a script.</summary>
/// <param name="echoes">True when the answers come from a file or program, so that they do not show by themselves.</param>
/// <param name="readHidden">Reads a line without showing it; null reads it like any other.</param>
internal sealed class PlainScreen(TextReader input, TextWriter output, bool echoes, Func<string>? readHidden = null) : IScreen
{
    private IReadOnlyList<MessageRow>? _shown;

    public void Say(string line) => output.WriteLine(TerminalText.OneLine(line));

    public void Warn(string line) => output.WriteLine("! " + TerminalText.OneLine(line));

    public int? Choose(string question, IReadOnlyList<string> choices)
    {
        output.WriteLine();
        for (var i = 0; i < choices.Count; i++)
            output.WriteLine($"{i + 1}  {choices[i]}");
        while (AskRaw($"{question} (1-{choices.Count}): ") is { } answer)
        {
            var index = choices.ToList().FindIndex(choice => answer.Length > 0 && choice.StartsWith(answer, StringComparison.OrdinalIgnoreCase));
            if (int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= choices.Count)
                return number - 1;
            if (index >= 0)
                return index;
            Warn("Type one of the numbers.");
        }

        return null;
    }

    public string? Ask(string question, string preset = "")
    {
        var answer = AskRaw(preset.Length == 0 ? $"{question}: " : $"{question} [{preset}]: ");
        return answer is "" ? preset : answer;
    }

    public string? AskHidden(string question)
    {
        output.Write($"{TerminalText.OneLine(question)}: ");
        output.Flush();
        var answer = readHidden is null ? input.ReadLine() : readHidden();
        output.WriteLine();
        return answer;
    }

    public bool Confirm(string question)
    {
        foreach (var line in question.Split('\n')[..^1])
            Say(line);
        while (AskRaw($"{question.Split('\n')[^1]} (y/n): ") is { } answer)
        {
            if (answer is "y" or "Y" or "yes")
                return true;
            if (answer is "n" or "N" or "no")
                return false;
        }

        return false;
    }

    public string? AskText(string question)
    {
        Say(question);
        var lines = new List<string>();
        while (input.ReadLine() is { } line)
        {
            if (line == ".")
                return string.Join('\n', lines);
            lines.Add(line);
        }

        return null;
    }

    public (ListAction Action, int Number) ChooseMessage(string title, IReadOnlyList<MessageRow> rows, int number)
    {
        if (_shown != rows)
            ShowList(title, rows);
        while (AskRaw("Message (N or r N read, s N save, d N delete, u undelete all, l list, b back): ") is { } answer)
        {
            var words = answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["b" or "back" or "q"])
                return (ListAction.Back, 0);
            if (words is ["u" or "undelete"])
                return (ListAction.Undelete, 0);
            if (words is ["l" or "list"])
                ShowList(title, rows);
            else if (TryNumber(words, rows, out var chosen) is { } action)
                return (action, chosen);
            else
                Warn($"'{answer}' is neither of these, or there is no such message.");
        }

        return (ListAction.Back, 0);
    }

    public ReadAction Read(MessageRow row, ReadableMessage message)
    {
        output.WriteLine();
        foreach (var line in PlainTable.Lines(message))
            output.WriteLine(line);
        output.WriteLine();
        while (AskRaw($"Message {row.Number} (n next, p previous, r reply, s save, a save attachments, d delete, b back): ") is { } answer)
        {
            ReadAction? action = answer switch
            {
                "n" => ReadAction.Next,
                "p" => ReadAction.Previous,
                "r" => ReadAction.Reply,
                "s" => ReadAction.Save,
                "a" => ReadAction.SaveAttachments,
                "d" => ReadAction.Delete,
                "b" or "q" => ReadAction.Back,
                _ => null,
            };
            if (action is { } known)
                return known;
            Warn("Type one of the letters.");
        }

        return ReadAction.Back;
    }

    public async Task ProgressAsync(string title, long total, Func<IProgress<long>?, Task> workAsync) => await workAsync(null);

    private static ListAction? TryNumber(string[] words, IReadOnlyList<MessageRow> rows, out int number)
    {
        number = 0;
        ListAction? action = words switch
        {
            [_] or ["r" or "read", _] => ListAction.Read,
            ["s" or "save", _] => ListAction.Save,
            ["d" or "delete", _] => ListAction.Delete,
            _ => null,
        };
        if (action is null || !int.TryParse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) || rows.All(row => row.Number != wanted))
            return null;
        number = wanted;
        return action;
    }

    private void ShowList(string title, IReadOnlyList<MessageRow> rows)
    {
        _shown = rows;
        output.WriteLine();
        Say(title);
        foreach (var line in PlainTable.Lines(rows))
            output.WriteLine(line);
    }

    private string? AskRaw(string question)
    {
        output.Write(question);
        output.Flush();
        var answer = input.ReadLine()?.Trim();
        if (echoes)
            output.WriteLine(answer is null ? "" : TerminalText.OneLine(answer));
        return answer;
    }
}
