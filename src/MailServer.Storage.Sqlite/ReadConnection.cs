using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using Microsoft.Data.Sqlite;

namespace MailServer.Storage.Sqlite;

/// <summary>A connection that only reads, and what is read. Never waits for the writer. One thread at a time.</summary>
internal sealed class ReadConnection(StoreConnection connection) : IDisposable
{
    private const string Maildrop = "SELECT uid, message_id, size, is_read, unique_id FROM maildrop WHERE account_id = ?1 ORDER BY uid";

    private readonly Statement _maildrop = connection.Prepare(Maildrop);

    private readonly Statement _chunk = connection.Prepare("SELECT octets FROM chunks WHERE id = ?1");

    private readonly Statement _reversePath = connection.Prepare("SELECT reverse_path FROM messages WHERE id = ?1");

    private readonly Statement _begin = connection.Prepare("BEGIN");

    private readonly Statement _commit = connection.Prepare("COMMIT");

    private readonly Statement _receivedAt = connection.Prepare("SELECT received_at FROM messages WHERE id = ?1");

    private readonly Statement _isListed = connection.Prepare("SELECT 1 FROM maildrop WHERE account_id = ?1 AND uid = ?2");

    private readonly Statement _account = connection.Prepare("SELECT id, name, password_hash FROM accounts WHERE key = ?1");

    private readonly Statement _accounts = connection.Prepare("SELECT id, name, password_hash FROM accounts ORDER BY key");

    // One row whatever there is. Nearly no name has an alias: so much is asked at once, and costs next to nothing.
    private readonly Statement _entry = connection.Prepare("""
        SELECT a.id, a.name, a.password_hash, (SELECT 1 FROM aliases WHERE key = ?1 LIMIT 1)
        FROM (SELECT 1) LEFT JOIN accounts a ON a.key = ?1
        """);

    private readonly Statement _alias = connection.Prepare("SELECT name, target FROM aliases WHERE key = ?1 ORDER BY target_key");

    private readonly Statement _aliases = connection.Prepare("SELECT name, target FROM aliases ORDER BY key, target_key");

    /// <summary>What lies in an account's maildrop, oldest first.</summary>
    public MaildropRow[] ListMaildrop(long account)
    {
        var found = new List<MaildropRow>();
        using var rows = _maildrop.Bind(1, account).Query();
        while (rows.Next())
            found.Add(RowIn(rows));
        return [.. found];
    }

    /// <summary>What can be read of an account's maildrop from either end, oldest first, and whether that is all of it.</summary>
    public (MaildropRow[] Rows, bool IsWhole) SalvageMaildrop(long account)
    {
        var oldest = new List<MaildropRow>();
        if (ReadInto(oldest, _maildrop.Bind(1, account)))
            return ([.. oldest], true);
        var newest = new List<MaildropRow>();
        ReadInto(newest, connection.Prepare(Maildrop + " DESC").Bind(1, account));
        newest.Reverse();
        var last = oldest is [] ? long.MinValue : oldest[^1].Uid;
        return ([.. oldest, .. newest.Where(row => row.Uid > last)], false);
    }

    /// <summary>Fills the destination with octets of a message, its Return-Path above its text, from <paramref name="offset"/> on.</summary>
    /// <returns>False when any of them is missing or damaged.</returns>
    public bool TryReadMessage(long message, long offset, Span<byte> destination)
    {
        try
        {
            return TryReadReturnPath(message, ref offset, ref destination) && TryReadText(message, offset, destination);
        }
        catch (SqliteException exception) when (SqliteFault.IsDamage(exception))
        {
            return false;
        }
    }

    /// <summary>Reads messages, one behind the other, in one transaction.</summary>
    /// <returns>The count of messages read whole; less than asked for when one cannot be read.</returns>
    public int ReadMessages(ReadOnlySpan<MaildropRow> messages, Span<byte> destination)
    {
        _begin.Execute();
        try
        {
            for (var i = 0; i < messages.Length; i++)
            {
                var size = (int)messages[i].Size;
                if (!TryReadMessage(messages[i].Message, 0, destination[..size]))
                    return i;
                destination = destination[size..];
            }

            return messages.Length;
        }
        finally
        {
            _commit.Execute();
        }
    }

    /// <summary>When a message was taken, in Unix milliseconds, or null when it is gone.</summary>
    public long? ReceivedAt(long message)
    {
        using var rows = _receivedAt.Bind(1, message).Query();
        return rows.Next() ? rows.Number(0) : null;
    }

    /// <summary>True when a message is in an account's maildrop.</summary>
    public bool IsListed(long account, long uid)
    {
        using var rows = _isListed.Bind(1, account).Bind(2, uid).Query();
        return rows.Next();
    }

    /// <summary>The account of this name, or null.</summary>
    public Account? FindAccount(AccountName name)
    {
        using var rows = _account.Bind(1, name.Key).Query();
        return rows.Next() ? AccountIn(rows) : null;
    }

    /// <summary>Every account, in the order of the names' keys.</summary>
    public List<Account> ListAccounts()
    {
        var found = new List<Account>();
        using var rows = _accounts.Query();
        while (rows.Next())
            found.Add(AccountIn(rows));
        return found;
    }

    /// <summary>The account and the alias of this name.</summary>
    public NameEntry LookUp(AccountName name)
    {
        Account? account;
        using (var rows = _entry.Bind(1, name.Key).Query())
        {
            rows.Next();
            account = rows.IsNull(0) ? null : AccountIn(rows);
            if (rows.IsNull(3))
                return new NameEntry(account, null);
        }

        using var targets = _alias.Bind(1, name.Key).Query();
        return new NameEntry(account, targets.Next() ? AliasesIn(targets)[0] : null);
    }

    /// <summary>Every alias, in the order of the names' keys.</summary>
    public List<Alias> ListAliases()
    {
        using var rows = _aliases.Query();
        return rows.Next() ? AliasesIn(rows) : [];
    }

    public void Dispose() => connection.Dispose();

    // Goes on to what stands below the field. False when the message is gone.
    private bool TryReadReturnPath(long message, ref long offset, ref Span<byte> destination)
    {
        using var rows = _reversePath.Bind(1, message).Query();
        if (!rows.Next())
            return false;
        if (rows.IsNull(0))
            return true;
        var path = rows.Octets(0);
        destination = destination[ReturnPath.Copy(path, offset, destination)..];
        offset = Math.Max(0, offset - ReturnPath.FrameLength - path.Length);
        return true;
    }

    // False when any of it is missing.
    private bool TryReadText(long message, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var (sequence, start) = Math.DivRem(offset, Schema.ChunkSize);
            using var rows = _chunk.Bind(1, MailWrites.ChunkId(message, sequence)).Query();
            if (!rows.Next())
                return false;
            var octets = rows.Octets(0);
            octets = octets[(int)Math.Min(start, octets.Length)..];
            octets = octets[..Math.Min(octets.Length, destination.Length)];
            if (octets.IsEmpty)
                return false;
            octets.CopyTo(destination);
            destination = destination[octets.Length..];
            offset += octets.Length;
        }

        return true;
    }

    // False when something could not be read: the disk itself may refuse it.
    private static bool ReadInto(List<MaildropRow> found, Statement query)
    {
        try
        {
            using var rows = query.Query();
            while (rows.Next())
                found.Add(RowIn(rows));
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static MaildropRow RowIn(Statement.Rows rows) =>
        new(rows.Number(0), rows.Number(1), rows.Number(2), rows.Number(3) != 0, rows.Text(4));

    // From the row at hand to the last.
    private static List<Alias> AliasesIn(Statement.Rows rows)
    {
        var (found, targets) = (new List<Alias>(), new List<AccountName>());
        do
        {
            var name = NameIn(rows, 0);
            if (found is [] || !found[^1].Name.Equals(name))
                found.Add(new Alias(name, targets = []));
            targets.Add(NameIn(rows, 1));
        }
        while (rows.Next());
        return found;
    }

    private static Account AccountIn(Statement.Rows rows) => new(rows.Number(0), NameIn(rows, 1), rows.Text(2));

    private static AccountName NameIn(Statement.Rows rows, int column) =>
        AccountName.TryParse(rows.Text(column)!)
        ?? throw new StoreFault(StoreFaultKind.Unavailable, $"The mail store holds an account with an impossible name: {rows.Text(column)}");
}
