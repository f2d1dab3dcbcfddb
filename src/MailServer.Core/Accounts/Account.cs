namespace MailServer.Core.Accounts;

/// <summary>An account as the store holds it.</summary>
/// <param name="Id">The store's own key, never used again.</param>
/// <param name="Name">The name as first given.</param>
/// <param name="PasswordHash">Modular-crypt text; null for no password; <see cref="Locked"/> when no login is possible.</param>
public sealed record Account(long Id, AccountName Name, string? PasswordHash)
{
    /// <summary>The hash that no password matches, as in <c>/etc/shadow</c>.</summary>
    public const string Locked = "!";

    /// <summary>True when whoever registration allows may speak as this account.</summary>
    public bool IsPasswordless => PasswordHash is null;
}
