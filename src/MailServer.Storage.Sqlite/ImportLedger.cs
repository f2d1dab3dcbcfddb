using System.Globalization;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>What messages that were moved here bring along. Every member runs within a transaction of <see cref="WriteConnection"/>.</summary>
internal sealed class ImportLedger(StoreConnection connection, IdSequence ids)
{
    private readonly Statement _remember = connection.Prepare(
        "INSERT INTO imports (account_id, digest) SELECT id, ?2 FROM accounts WHERE id = ?1 ON CONFLICT DO NOTHING");

    private readonly Statement _forget = connection.Prepare("DELETE FROM imports WHERE account_id = ?1");

    private readonly Statement _account = connection.Prepare("SELECT 1 FROM accounts WHERE id = ?1");

    private readonly Statement _isKept = connection.Prepare("SELECT 1 FROM maildrop WHERE account_id = ?1 AND unique_id = ?2");

    private readonly Statement _isNumbered = connection.Prepare("SELECT 1 FROM maildrop WHERE account_id = ?1 AND uid = ?2");

    private readonly string _ownStart = Schema.Identity(connection) + ".";

    /// <summary>Remembers a message by its digest, if it has one and there is such an account. False when the account knew it.</summary>
    public bool Remember(Envelope envelope, Provenance? provenance) =>
        provenance is not { Digest.IsEmpty: false }
        || _remember.Bind(1, envelope.Recipients[0].Id).Bind(2, provenance.Digest.Span).Execute() > 0
        || !IsThere(_account.Bind(1, envelope.Recipients[0].Id));

    /// <summary>Forgets everything that an account remembers.</summary>
    public void Forget(long account) => _forget.Bind(1, account).Execute();

    /// <summary>The unique-id that a message keeps, or null when it gets one of ours.</summary>
    public string? UniqueIdFor(Account account, Provenance? provenance) =>
        provenance?.UniqueId is { } id && UniqueId.IsValid(id) && IsPast(account, id) && !IsThere(_isKept.Bind(1, account.Id).Bind(2, id)) ? id : null;

    // An imported id that looks like ours must not equal one that was given, or will be.
    private bool IsPast(Account account, string id)
    {
        if (!id.StartsWith(_ownStart, StringComparison.Ordinal)
            || !long.TryParse(id.AsSpan(_ownStart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return true;
        }

        return number < ids.Peek() && !IsThere(_isNumbered.Bind(1, account.Id).Bind(2, number));
    }

    private static bool IsThere(Statement query)
    {
        using var rows = query.Query();
        return rows.Next();
    }
}
