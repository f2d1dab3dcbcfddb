using System.CommandLine;
using MailClient.Net;
using MailClient.Screens;

namespace MailClient.Cli;

/// <summary><c>mailclient SERVER SMTP_PORT POP3_PORT</c></summary>
internal static class MenuCommand
{
    public static void Configure(RootCommand root, ConnectionOptions options)
    {
        // Optional to the parser, because the other commands do without them.
        var server = new Argument<string?>("SERVER") { Description = "the server's name or address, for the menu", Arity = ArgumentArity.ZeroOrOne };
        var smtp = new Argument<string?>("SMTP_PORT") { Description = "where it takes mail", Arity = ArgumentArity.ZeroOrOne };
        var pop3 = new Argument<string?>("POP3_PORT") { Description = "where it hands mail out", Arity = ArgumentArity.ZeroOrOne };
        root.Arguments.Add(server);
        root.Arguments.Add(smtp);
        root.Arguments.Add(pop3);
        root.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(pop3) is not { } pop3Port)
                throw new ClientFault("say mailclient SERVER SMTP_PORT POP3_PORT for the menu; mailclient --help lists the commands", ExitCode.Misused);
            var host = parsed.GetValue(server)!;
            var smtpServer = new ServerAddress(host, ServerAddress.ParsePort(parsed.GetValue(smtp)!));
            var pop3Server = new ServerAddress(host, ServerAddress.ParsePort(pop3Port));

            var password = options.PasswordLine(parsed);
            var screen = ScreenChoice.Open();
            var login = new Login(screen, options.User(parsed), password);
            var connector = options.Connector(parsed, screen);
            var sendMail = new SendMail(screen, connector, smtpServer, login);
            return await new Menu(screen, host, new ManageMail(screen, connector, pop3Server, login, sendMail), sendMail).RunAsync();
        });
    }
}
