using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MailServer.Cli;

/// <summary>Ends the help of every command with an example or two.</summary>
internal static class HelpExamples
{
    // By the command's words behind the program's name.
    private static readonly Dictionary<string, string[]> _examples = new(StringComparer.Ordinal)
    {
        [""] =
        [
            "mailserver                                     # both servers, on this machine only",
            "mailserver --data /srv/mail --hostname mail.example.org --domain example.org --smtp '*:25' --pop3 '*:995/tls'",
            "mailserver user add bob",
        ],
        ["serve"] = ["mailserver serve --data /srv/mail --smtp '*:25' --pop3 '*:995/tls'"],
        ["import"] = ["mailserver import --user bob ~/Mail/Inbox ~/Maildir message.eml"],
        ["export"] = ["mailserver export --user bob --format mbox bob.mbox", "mailserver export --user bob --format maildir ~/Maildir"],
        ["backup"] = ["mailserver backup --data /srv/mail /backup/mail-monday.db"],
        ["restore"] = ["mailserver restore --data /srv/mail /backup/mail-monday.db"],
        ["check"] = ["mailserver check --data /srv/mail && echo all is well"],
        ["config"] = ["MAILSERVER_HOSTNAME=mail.example.org mailserver config"],
        ["completion"] = ["eval \"$(mailserver completion bash)\""],
        ["user"] = ["mailserver user add bob"],
        ["user add"] = ["mailserver user add bob", "echo secret | mailserver user add bob --password-stdin"],
        ["user list"] = ["mailserver user list --data /srv/mail"],
        ["user password"] = ["mailserver user password bob"],
        ["user remove"] = ["mailserver user remove bob"],
        ["user import"] = ["mailserver user import user.txt"],
    };

    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new WithExamples((HelpAction)help.Action!);
    }

    private sealed class WithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        // Who asks for help has not yet written the rest.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = help.Invoke(parseResult);
            if (_examples.TryGetValue(Words(parseResult.CommandResult.Command), out var lines))
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine(lines.Length == 1 ? "Example:" : "Examples:");
                foreach (var line in lines)
                    output.WriteLine("  " + line);
                output.WriteLine();
            }

            return exitCode;
        }

        private static string Words(Command command) => command.Parents.OfType<Command>().FirstOrDefault() switch
        {
            null => "",
            RootCommand => command.Name,
            var parent => $"{Words(parent)} {command.Name}",
        };
    }
}
