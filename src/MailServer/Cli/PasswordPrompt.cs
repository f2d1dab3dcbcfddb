using System.Text;
using MailServer.Core.Accounts;

namespace MailServer.Cli;

/// <summary>Gets a new password from whoever runs a command.</summary>
internal static class PasswordPrompt
{
    private const char ByteOrderMark = '\uFEFF';
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The password, asked for twice on a terminal or read from the standard input. Throws <see cref="CommandFault"/>.</summary>
    public static string Read(bool isFromInput)
    {
        var password = isFromInput ? FirstLine() : AskTwice();
        return Passwords.Problem(password) is { } problem ? throw new CommandFault(problem, ExitCode.Misused) : password;
    }

    private static string FirstLine()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Utf8, detectEncodingFromByteOrderMarks: false);
        try
        {
            return input.ReadLine()?.TrimStart(ByteOrderMark) ?? "";
        }
        catch (DecoderFallbackException)
        {
            throw new CommandFault("The password is not UTF-8 text", ExitCode.Misused);
        }
    }

    private static string AskTwice()
    {
        if (Console.IsInputRedirected)
            throw new CommandFault("There is no terminal to ask for the password; use --password-stdin", ExitCode.Misused);
        var password = Ask("Password: ");
        return Ask("Again: ") == password ? password : throw new CommandFault("The two passwords are not the same");
    }

    private static string Ask(string question)
    {
        // Asking for a key puts the terminal into the mode without echo, so that not even the fastest typist is shown.
        _ = Console.KeyAvailable;
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key != ConsoleKey.Backspace)
                typed.Append(key.KeyChar);
            else if (typed.Length > 0)
                typed.Length--;
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
