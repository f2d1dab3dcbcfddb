namespace MailServer.Core.Accounts;

/// <summary>What it takes to be an account's owner.</summary>
public enum AccountState
{
    /// <summary>A password.</summary>
    Protected,

    /// <summary>Nothing: whoever registration allows may speak as it.</summary>
    Passwordless,

    /// <summary>There is no way: it takes mail, and nobody can log in to it.</summary>
    Locked,
}

/// <summary>An account as the store holds it.</summary>
/// <param name="Id">The store's own key, never used again.</param>
/// <param name="Name">The name as first given.</param>
/// <param name="PasswordHash">Modular-crypt text; null for no password; <see cref="NoLogin"/> where no login is possible. <see cref="State"/> says which.</param>
public sealed record Account(long Id, AccountName Name, string? PasswordHash)
{
    /// <summary>The hash that no password matches, as in <c>/etc/shadow</c>.</summary>
    public const string NoLogin = "!";

    public AccountState State => PasswordHash switch
    {
        null => AccountState.Passwordless,
        NoLogin => AccountState.Locked,
        _ => AccountState.Protected,
    };

    /// <summary>True when whoever registration allows may speak as this account.</summary>
    public bool IsPasswordless => PasswordHash is null;
}
