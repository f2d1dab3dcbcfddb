using System.CommandLine;

namespace MailClient.Cli;

/// <summary>Every command of the program.</summary>
internal static class CommandLine
{
    /// <summary>Carries out a command line. Throws whatever the commands throw.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // The parser takes the next word for the value.
        if (!args.FirstOrDefault("").StartsWith('[') && args.TakeWhile(word => word != "--").FirstOrDefault(IsWithoutValue) is { } empty)
            throw new ClientFault($"{empty[..^1]} has no value behind its sign; write the value there, or leave the option out", ExitCode.Misused);

        // No response files: a subject may begin with the sign that they are marked by, and a stranger may have written it.
        var parsed = Root(new ConnectionOptions()).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors is [var first, ..])
            throw new ClientFault($"{first.Message.TrimEnd('.')}; mailclient --help lists commands and options", ExitCode.Misused);
        return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    // option = "--" name ( "=" / ":" ) value
    private static bool IsWithoutValue(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.AsSpan().IndexOfAny('=', ':') == word.Length - 1;

    private static RootCommand Root(ConnectionOptions options)
    {
        var root = new RootCommand("Reads mail by POP3 and sends it by SMTP: a menu, and commands for scripts.");
        foreach (var option in options.All)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        MenuCommand.Configure(root, options);
        root.Subcommands.Add(SendCommand.Create(options));
        root.Subcommands.Add(ListCommand.Create(options));
        root.Subcommands.Add(ReadCommand.Create(options));
        root.Subcommands.Add(SaveCommand.Create(options));
        root.Subcommands.Add(DeleteCommand.Create(options));
        root.Subcommands.Add(FetchCommand.Create(options));
        return root;
    }
}
