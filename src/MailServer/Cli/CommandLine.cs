using System.CommandLine;
using System.CommandLine.Parsing;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary>Every command of the program.</summary>
internal static class CommandLine
{
    /// <summary>Carries out a command line. Throws <see cref="SettingFault"/> and whatever the commands throw.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // The parser takes the next word for the value, be it a command.
        if (!args.FirstOrDefault("").StartsWith('[') && args.TakeWhile(word => word != "--").FirstOrDefault(IsWithoutValue) is { } empty)
            throw new CommandFault($"{empty[..^1]} has no value behind its sign; write the value there, or leave the option out", ExitCode.Misused);
        var options = new SettingOptions();
        // No response files: an account's name, or @ME, may begin with the sign that they are marked by.
        var parsed = Root(options).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors is [var first, ..])
            throw new CommandFault($"{first.Message.TrimEnd('.')}; mailserver --help lists commands and options", ExitCode.Misused);

        // No name, path or word of a command is nothing; the system's own words for that name parameters of its calls.
        if (parsed.CommandResult.Children.OfType<ArgumentResult>().FirstOrDefault(given => given.Tokens.Any(token => token.Value.Length == 0)) is { } nothing)
            throw new CommandFault($"{nothing.Argument.Name} must not be empty; mailserver --help lists commands and options", ExitCode.Misused);

        // The parser takes an option of serve before another command, and nobody would ever look at it.
        var command = parsed.CommandResult.Command;
        if (options.OfServe.Except(command.Options).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
            throw new CommandFault($"{stray.Name} is an option of serve, not of {command.Name}; leave it out", ExitCode.Misused);

        // Signals are the business of serve; faults are that of Program.
        return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    // option = "--" name ( "=" / ":" ) value
    private static bool IsWithoutValue(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.AsSpan().IndexOfAny('=', ':') == word.Length - 1;

    private static RootCommand Root(SettingOptions options)
    {
        var root = new RootCommand("A mail server: takes mail in by SMTP and hands it out by POP3.");
        foreach (var option in options.OfEveryCommand)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        var serve = new Command("serve", "Run both servers until SIGINT or SIGTERM (the default command)");
        foreach (var command in new[] { root, serve })
        {
            foreach (var option in options.OfServe)
                command.Options.Add(option);
            command.SetAction((parsed, _) => ServeCommand.RunAsync(options.Read(parsed)));
        }

        root.Subcommands.Add(serve);
        root.Subcommands.Add(ImportCommand.Create(options));
        root.Subcommands.Add(ExportCommand.Create(options));
        root.Subcommands.Add(BackupCommand.Create(options));
        root.Subcommands.Add(RestoreCommand.Create(options));
        root.Subcommands.Add(CheckCommand.Create(options));
        root.Subcommands.Add(ConfigCommand.Create(options));
        root.Subcommands.Add(new Command("user", "Make, list and change accounts, also while the server runs")
        {
            UserAddCommand.Create(options),
            UserListCommand.Create(options),
            UserPasswordCommand.Create(options),
            UserRemoveCommand.Create(options),
            UserImportCommand.Create(options),
        });
        root.Subcommands.Add(CompletionCommand.Create());
        HelpExamples.AddTo(root);
        return root;
    }
}
