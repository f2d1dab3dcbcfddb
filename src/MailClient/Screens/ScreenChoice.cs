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
        if (IsRich)
        {
            // Whoever leaves by Ctrl+C wants the cursor back.
            Console.CancelKeyPress += (_, _) => AnsiConsole.Cursor.Show();
            return new RichScreen(AnsiConsole.Console);
        }

        return new PlainScreen(Console.In, Console.Out, Console.IsInputRedirected, Console.IsInputRedirected ? null : ReadHidden);
    }

    /// <summary>A screen for a command's progress and questions, which are no part of its output.</summary>
    public static IScreen OpenForCommand() =>
        IsRich && !Console.IsErrorRedirected
            ? new RichScreen(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }))
            : new PlainScreen(Console.In, Console.Error, Console.IsInputRedirected, Console.IsInputRedirected ? null : ReadHidden);

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
