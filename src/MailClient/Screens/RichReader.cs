using MailClient.Mailbox;
using MailClient.Mime;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MailClient.Screens;

/// <summary>A message on a page of its own, to be scrolled through.</summary>
internal sealed class RichReader(IAnsiConsole console, MessageRow row, ReadableMessage message, Text news)
{
    private readonly List<(string Name, string Value)> _fields = [.. PlainTable.Fields(message)];
    private readonly string _text = TerminalText.Lines(message.Text).TrimEnd('\n');
    private List<string> _lines = [];
    private int _width;
    private int _top;

    // Head and its two rules, news, keys.
    private int Page => Math.Max(3, console.Profile.Height - ShownFields - 5);

    // A long list of attachments must leave room for the text.
    private int ShownFields => Math.Min(_fields.Count, Math.Max(5, console.Profile.Height / 2));

    /// <summary>Shows the message until a key asks for something.</summary>
    public ReadAction Run() => LivePage.Run(console, Build, Press, otherwise: ReadAction.Back);

    private ReadAction? Press(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.UpArrow or ConsoleKey.K:
                return Move(-1);
            case ConsoleKey.DownArrow or ConsoleKey.J or ConsoleKey.Enter:
                return Move(1);
            case ConsoleKey.PageUp:
                return Move(-Page);
            case ConsoleKey.PageDown or ConsoleKey.Spacebar:
                return Move(Page);
            case ConsoleKey.Home:
                return Move(-_lines.Count);
            case ConsoleKey.End:
                return Move(_lines.Count);
            case ConsoleKey.Escape or ConsoleKey.Q or ConsoleKey.B:
                return ReadAction.Back;
            case ConsoleKey.N or ConsoleKey.RightArrow:
                return ReadAction.Next;
            case ConsoleKey.P or ConsoleKey.LeftArrow:
                return ReadAction.Previous;
            case ConsoleKey.R:
                return ReadAction.Reply;
            case ConsoleKey.S:
                return ReadAction.Save;
            case ConsoleKey.A:
                return ReadAction.SaveAttachments;
            case ConsoleKey.D or ConsoleKey.Delete:
                return ReadAction.Delete;
            default:
                return null;
        }
    }

    private ReadAction? Move(int by)
    {
        _top = Math.Clamp(_top + by, 0, Math.Max(0, _lines.Count - Page));
        return null;
    }

    /// <summary>The page as it stands now.</summary>
    internal IRenderable Build()
    {
        if (_width != console.Profile.Width)
        {
            _width = console.Profile.Width;
            _lines = CellText.Wrap(_text, _width - 1);
        }

        Move(0);
        var shown = new List<IRenderable> { Line($"Message {row.Number}") };
        foreach (var (name, value) in _fields.Take(ShownFields))
            shown.Add(new Markup($"[aqua]{name,12}[/]  {Markup.Escape(CellText.Fit(value, _width - 15))}"));
        shown.Add(Line(_lines.Count > Page ? $"lines {_top + 1}-{Math.Min(_top + Page, _lines.Count)} of {_lines.Count}" : ""));
        for (var i = _top; i < _top + Page; i++)
            shown.Add(new Text(i < _lines.Count ? _lines[i] : ""));
        shown.Add(news);
        var attachments = message.Attachments.Count > 0 ? "a attachments  " : "";
        var keys = $"↑↓ scroll  n next  p previous  r reply  s save  {attachments}d delete  b back";
        shown.Add(new Text(CellText.Fit(keys, _width - 1), Color.Grey));
        return new Rows(shown);
    }

    private static Rule Line(string title) =>
        title.Length == 0 ? new Rule { Style = Color.Aqua } : new Rule(Markup.Escape(title)) { Justification = Justify.Left, Style = Color.Aqua };
}
