using System.Text;
using Spectre.Console;

namespace MailClient.Screens;

/// <summary>Chooses how to speak to the user by what the program is connected to.</summary>
internal static class ScreenChoice
{
    /// <summary>True when somebody sits at a terminal, of whatever kind.</summary>
    public static bool IsInteractive => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    private static bool IsRich =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected
        && (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    /// <summary>The screen for the menu.</summary>
    public static IScreen Open()
    {
        if (IsRich && CanDraw(AnsiConsole.Console))
        {
            // Whoever leaves by Ctrl+C wants the cursor back.
            Console.CancelKeyPress += (_, _) => AnsiConsole.Cursor.Show();
            return new RichScreen(AnsiConsole.Console);
        }

        return new PlainScreen(Console.In, Console.Out, Console.IsInputRedirected, Console.IsInputRedirected ? null : ReadHidden);
    }

    /// <summary>A screen for a command's progress and questions, which are no part of its output.</summary>
    public static IScreen OpenForCommand()
    {
        if (IsRich && !Console.IsErrorRedirected)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            if (CanDraw(console))
                return new RichScreen(console);
        }

        return new PlainScreen(Console.In, Console.Error, Console.IsInputRedirected, Console.IsInputRedirected ? null : ReadHidden);
    }

    // The library knows the terminals that understand it by their names, and its prompts throw on every other.
    private static bool CanDraw(IAnsiConsole console) => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    private static string ReadHidden()
    {
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key != ConsoleKey.Backspace)
                typed.Append(key.KeyChar);
            else if (typed.Length > 0)
                typed.Length--;
        }

        return typed.ToString();
    }
}
