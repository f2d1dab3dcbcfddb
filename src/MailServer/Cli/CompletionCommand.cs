using System.CommandLine;

namespace MailServer.Cli;

/// <summary><c>completion</c>: prints a script by which a shell completes this program's command lines.</summary>
internal static class CompletionCommand
{
    // The program itself answers what can follow (System.CommandLine's directive [suggest:POSITION]).
    private static readonly Dictionary<string, string> _scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _mailserver() {
                local line="${COMP_LINE#* }" skipped="${COMP_LINE%% *}"
                mapfile -t COMPREPLY < <(compgen -W "$("$1" "[suggest:$((COMP_POINT - ${#skipped} - 1))]" "$line" 2>/dev/null)" -- "$2")
            }
            complete -o default -F _mailserver mailserver
            """,
        ["zsh"] = """
            #compdef mailserver
            _mailserver() {
                local line="${(j: :)words[2,CURRENT]}" answers
                answers=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
                compadd -- $answers || _files
            }
            compdef _mailserver mailserver
            """,
        ["fish"] = """
            complete -c mailserver -a '(set -l line (string replace -r "^\S+ ?" "" -- (commandline -cp)); mailserver "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", _scripts.Keys) };
        shell.CompletionSources.Add([.. _scripts.Keys]);
        var command = new Command("completion", "Print a script by which a shell completes command lines of mailserver") { shell };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(shell)!;
            if (!_scripts.TryGetValue(wanted, out var script))
                throw new CommandFault($"there is no completion for {wanted}; choose one of {string.Join(", ", _scripts.Keys)}", ExitCode.Misused);
            parsed.InvocationConfiguration.Output.WriteLine(script);
        });
        return command;
    }
}
