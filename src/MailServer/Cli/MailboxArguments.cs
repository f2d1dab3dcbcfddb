using System.CommandLine;
using MailServer.Core.Accounts;

namespace MailServer.Cli;

/// <summary>What <c>import</c> and <c>export</c> have in common.</summary>
internal static class MailboxArguments
{
    public static Option<string> User() => new("--user") { Description = "the account whose mailbox it is", HelpName = "NAME", Required = true };

    /// <summary>A mailbox that is held by this process alone cannot be in use, unless the store breaks its promise.</summary>
    public static CommandFault InUse(Account account) => new($"the mailbox of {account.Name} is in use");
}
