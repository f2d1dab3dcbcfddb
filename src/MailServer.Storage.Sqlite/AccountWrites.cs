using MailServer.Core.Accounts;

namespace MailServer.Storage.Sqlite;

/// <summary>What is written about accounts. Every member runs within a transaction of <see cref="WriteConnection"/>.</summary>
internal sealed class AccountWrites(StoreConnection connection, IdSequence ids, MailWrites mail)
{
    private readonly Statement _add = connection.Prepare(
        "INSERT INTO accounts (id, name, key, password_hash) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM aliases WHERE key = ?3) ON CONFLICT (key) DO NOTHING");

    private readonly Statement _setPasswordHash = connection.Prepare("UPDATE accounts SET password_hash = ?2 WHERE id = ?1");

    private readonly Statement _addPasswordHash = connection.Prepare(
        "UPDATE accounts SET password_hash = ?2 WHERE id = ?1 AND password_hash IS NULL");

    private readonly Statement _remove = connection.Prepare("DELETE FROM accounts WHERE id = ?1");

    private readonly Statement _addTarget = connection.Prepare("INSERT INTO aliases (key, target_key, name, target) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");

    private readonly Statement _removeAlias = connection.Prepare("DELETE FROM aliases WHERE key = ?1");

    private readonly Statement _removeTarget = connection.Prepare("DELETE FROM aliases WHERE target_key = ?1");

    /// <summary>Adds an account. Null when the name is taken, by an account or an alias.</summary>
    public Account? Add(AccountName name, string? passwordHash)
    {
        var account = new Account(ids.Next(), name, passwordHash);
        var added = _add.Bind(1, account.Id).Bind(2, name.Text).Bind(3, name.Key).Bind(4, passwordHash).Execute();
        return added == 0 ? null : account;
    }

    /// <summary>Replaces an account's hash. False when the account is gone.</summary>
    public bool SetPasswordHash(Account account, string? passwordHash) =>
        _setPasswordHash.Bind(1, account.Id).Bind(2, passwordHash).Execute() > 0;

    /// <summary>Gives a hash to an account that has none. False when the account is gone or has one.</summary>
    public bool AddPasswordHash(Account account, string passwordHash) =>
        _addPasswordHash.Bind(1, account.Id).Bind(2, passwordHash).Execute() > 0;

    /// <summary>Removes an account with its mail, and from the targets of aliases. False when it was gone.</summary>
    public bool Remove(Account account)
    {
        if (_remove.Bind(1, account.Id).Execute() == 0)
            return false;
        mail.Empty(account.Id);
        _removeTarget.Bind(1, account.Name.Key).Execute();
        return true;
    }

    /// <summary>Adds an alias, or gives it other targets.</summary>
    public void SetAlias(Alias alias)
    {
        _removeAlias.Bind(1, alias.Name.Key).Execute();
        foreach (var target in alias.Targets)
            _addTarget.Bind(1, alias.Name.Key).Bind(2, target.Key).Bind(3, alias.Name.Text).Bind(4, target.Text).Execute();
    }

    /// <summary>Removes an alias. False when there was none.</summary>
    public bool RemoveAlias(AccountName name) => _removeAlias.Bind(1, name.Key).Execute() > 0;
}
