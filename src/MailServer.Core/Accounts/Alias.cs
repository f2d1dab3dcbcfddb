namespace MailServer.Core.Accounts;

/// <summary>A name whose mail goes to others (RFC 5321 3.9.1).</summary>
/// <param name="Name">Nobody can make an account of this name; one that was there before gets mail only as one of the targets.</param>
/// <param name="Targets">Names of accounts or of other aliases, at least one, each once. The alias's own name means its account.</param>
public sealed record Alias(AccountName Name, IReadOnlyList<AccountName> Targets);

/// <summary>What a name stands for; neither when nobody has it.</summary>
/// <param name="Account">Who logs in by it.</param>
/// <param name="Alias">Where its mail goes, if not to the account.</param>
public readonly record struct NameEntry(Account? Account, Alias? Alias);
