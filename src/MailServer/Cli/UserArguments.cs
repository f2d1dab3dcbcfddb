using System.CommandLine;
using MailServer.Core.Accounts;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary>What the <c>user</c> commands have in common.</summary>
internal static class UserArguments
{
    public static Argument<string> Name() => new("NAME") { Description = "the account's name" };

    public static Option<bool> PasswordStdin() =>
        new("--password-stdin") { Description = "read the password from the first line of the standard input" };

    /// <summary>The account's name. Throws <see cref="CommandFault"/>.</summary>
    public static AccountName Parse(string text) =>
        AccountName.TryParse(text, out var problem) ?? throw new CommandFault($"'{text}' is no account's name. {problem}", ExitCode.Misused);

    /// <summary>Opens the accounts of a data directory that must be there. Throws <see cref="CommandFault"/>.</summary>
    public static CommandStore OpenExisting(ServerSettings settings)
    {
        StoreArguments.ThrowIfHidden(settings);
        return Directory.Exists(settings.DataDirectory)
            ? Composition.OpenAccounts(settings)
            : throw new CommandFault($"there is no data directory {settings.DataDirectory}; name the server's with --data");
    }

    /// <summary>The account of this name. Throws <see cref="CommandFault"/>.</summary>
    public static async Task<Account> FindAsync(CommandStore accounts, AccountName name, CancellationToken cancellation) =>
        await accounts.Directory.FindAsync(name, cancellation) ?? throw NoSuchAccount(name);

    public static CommandFault NoSuchAccount(AccountName name) => new($"there is no account {name}; mailserver user list shows all");
}
