using System.CommandLine;
using MailClient.Net;
using MailClient.Screens;

namespace MailClient.Cli;

/// <summary>The options of every command: how to connect, and as whom.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _user = new("--user") { HelpName = "NAME", Description = "whom to log in as" };
    private readonly Option<bool> _tls = new("--tls") { Description = "TLS from the first octet, as on ports 465 and 995; otherwise STARTTLS is used where it is offered" };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "let the password cross a network in clear" };
    private readonly Option<bool> _passwordStdin = new("--password-stdin") { Description = "read the password from the first line of the standard input" };

    private readonly Option<string[]> _trust = new("--trust")
    {
        HelpName = "FINGERPRINT",
        Description = "the SHA-256 fingerprint of a certificate that is good, and no other is; repeatable",
    };

    public IReadOnlyList<Option> All => [_user, _tls, _trust, _insecure, _passwordStdin];

    /// <summary>The user's name, if it was given.</summary>
    public string? User(ParseResult parsed) => parsed.GetValue(_user);

    /// <summary>Opens connections as the options say, and asks on this screen about unknown certificates.</summary>
    public Connector Connector(ParseResult parsed, IScreen screen)
    {
        Func<string, bool>? ask = ScreenChoice.IsInteractive ? screen.Confirm : null;
        var trust = new CertificateTrust(new KnownServers(UserFiles.Folder, screen.Warn), parsed.GetValue(_trust) ?? [], ask);
        return new(trust, parsed.GetValue(_tls), parsed.GetValue(_insecure));
    }

    /// <summary>
    /// Asks for the password when it is needed, or takes it from the standard input now, before anything else reads
    /// that. Throws <see cref="ClientFault"/>.
    /// </summary>
    public Func<Credentials> Credentials(ParseResult parsed, IScreen screen)
    {
        var user = User(parsed) ?? throw new ClientFault("name the user with --user", ExitCode.Misused);
        if (parsed.GetValue(_passwordStdin))
        {
            var credentials = new Credentials(user, StandardInput.ReadLine());
            return () => credentials;
        }

        return () => Console.IsInputRedirected
            ? throw new ClientFault("there is no terminal to ask for the password; use --password-stdin", ExitCode.Misused)
            : new Credentials(user, screen.AskHidden($"Password of {user}") ?? "");
    }

    /// <summary>The password's line for the menu, or null when it is asked for there.</summary>
    public string? PasswordLine(ParseResult parsed) => parsed.GetValue(_passwordStdin) ? StandardInput.ReadLine() : null;
}
