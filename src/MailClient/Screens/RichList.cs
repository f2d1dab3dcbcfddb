using System.Globalization;
using MailClient.Mailbox;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MailClient.Screens;

/// <summary>The list of messages as a table that arrow keys move in.</summary>
internal sealed class RichList(IAnsiConsole console, string title, IReadOnlyList<MessageRow> rows, int number, Text news)
{
    // Title, table head and frame, news, keys.
    private const int OtherLines = 8;
    private const int SenderWidth = 24;
    private const int ReceivedWidth = 16;
    private const int LeastSubject = 10;
    private const int Frame = 3;
    private const string Mark = " ";

    private static readonly Style Chosen = new(Color.Black, Color.Aqua);
    private static readonly Style Fresh = new(Color.White, decoration: Decoration.Bold);
    private static readonly Style Gone = new(Color.Grey, decoration: Decoration.Strikethrough);

    private int _index = IndexOf(rows, number);
    private int _top;

    private int Page => Math.Max(3, console.Profile.Height - OtherLines);

    /// <summary>Shows the list until a key asks for something.</summary>
    public (ListAction Action, int Number) Run() => LivePage.Run(console, Build, Press, otherwise: (ListAction.Back, 0));

    // The newest is what people look for first.
    private static int IndexOf(IReadOnlyList<MessageRow> rows, int number)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Number == number)
                return i;
        }

        return Math.Max(0, rows.Count - 1);
    }

    private (ListAction, int)? Press(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Escape or ConsoleKey.Q or ConsoleKey.B:
                return (ListAction.Back, 0);
            case ConsoleKey.U:
                return (ListAction.Undelete, rows is [] ? 0 : rows[_index].Number);
            case ConsoleKey.UpArrow or ConsoleKey.K:
                return Move(-1);
            case ConsoleKey.DownArrow or ConsoleKey.J:
                return Move(1);
            case ConsoleKey.PageUp:
                return Move(-Page);
            case ConsoleKey.PageDown or ConsoleKey.Spacebar:
                return Move(Page);
            case ConsoleKey.Home:
                return Move(-rows.Count);
            case ConsoleKey.End:
                return Move(rows.Count);
        }

        ListAction? action = key.Key switch
        {
            ConsoleKey.Enter or ConsoleKey.R or ConsoleKey.RightArrow => ListAction.Read,
            ConsoleKey.S => ListAction.Save,
            ConsoleKey.D or ConsoleKey.Delete => ListAction.Delete,
            _ => null,
        };
        return action is { } chosen && rows is not [] ? (chosen, rows[_index].Number) : null;
    }

    private (ListAction, int)? Move(int by)
    {
        _index = Math.Clamp(_index + by, 0, Math.Max(0, rows.Count - 1));
        return null;
    }

    /// <summary>The page as it stands now.</summary>
    internal IRenderable Build()
    {
        // The chosen row stays in sight.
        _top = Math.Clamp(_top, Math.Max(0, _index - Page + 1), _index);
        var fresh = rows.Count(row => row.IsNew);
        var heading = new Rule($"[bold]{Markup.Escape(title)}[/]  {rows.Count} messages, {fresh} new") { Justification = Justify.Left, Style = Color.Aqua };
        IRenderable body = rows is [] ? new Text("\n  No messages.\n") : Table();
        return new Rows(heading, body, news, Keys());
    }

    private Text Keys() =>
        new(CellText.Fit("↑↓ move   Enter read   s save   d delete   u undelete all   b back", console.Profile.Width - 1), Color.Grey);

    private Table Table()
    {
        var numberWidth = Math.Max(3, rows[^1].Number.ToString(CultureInfo.InvariantCulture).Length);
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        var columns = Columns(numberWidth);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(CellText.Fit(column.Name, column.Width)) { Width = column.Width, NoWrap = true });
        for (var i = _top; i < Math.Min(_top + Page, rows.Count); i++)
        {
            var row = rows[i];
            var style = i == _index ? Chosen : row.IsDeleted ? Gone : row.IsNew ? Fresh : Style.Plain;
            table.AddRow(columns.Select(column => Cell(column.Text(row), column.Width, column.Name == Mark ? MarkStyle(row) : style)));
        }

        return table;
    }

    // A column that a narrow terminal has no room for is left out, the subject last; a table that is too wide would be broken up
    // within letters that take two columns.
    private List<(string Name, int Width, Func<MessageRow, string> Text)> Columns(int numberWidth)
    {
        var columns = new List<(string Name, int Width, Func<MessageRow, string> Text)>
        {
            ("No.", numberWidth, row => row.Number.ToString(CultureInfo.InvariantCulture).PadLeft(numberWidth)),
            (Mark, 1, row => row.IsDeleted ? "D" : row.IsNew ? "●" : " "),
        };
        if (Left(columns) >= SenderWidth + LeastSubject + Frame)
            columns.Add(("From", SenderWidth, row => row.Sender));
        if (Left(columns) >= ReceivedWidth + LeastSubject + Frame)
            columns.Add(("Received", ReceivedWidth, row => row.Received));
        columns.Add(("Subject", Math.Max(1, Left(columns)), row => row.Summary.Subject));
        return columns;
    }

    // What is left for the last column: each has a line and two blanks of its own, and one line ends them.
    private int Left(List<(string Name, int Width, Func<MessageRow, string> Text)> columns) =>
        console.Profile.Width - columns.Sum(column => column.Width + Frame) - Frame - 1;

    private static Style MarkStyle(MessageRow row) => new(row.IsDeleted ? Color.Red : Color.Green);

    private static Text Cell(string text, int width, Style style) =>
        new(CellText.Pad(TerminalText.OneLine(text), width), style) { Overflow = Overflow.Crop };
}
