namespace MailServer.Storage.Sqlite;

/// <summary>
/// The store's counter: accounts, messages and their unique-ids are numbered from it. Read at the start of a transaction
/// and written at its end, so that no number is used twice, not even after deletions or by two processes.
/// </summary>
internal sealed class Numbers(StoreConnection connection)
{
    private readonly Statement _read = connection.Prepare("SELECT next_number FROM store");
    private readonly Statement _write = connection.Prepare("UPDATE store SET next_number = ?1");
    private long _stored;
    private long _next;

    public void Read()
    {
        using var rows = _read.Query();
        rows.Next();
        _stored = _next = rows.Number(0);
    }

    public long Next() => _next++;

    /// <summary>The number that comes next.</summary>
    public long Peek() => _next;

    public void Write()
    {
        if (_next != _stored)
            _write.Bind(1, _next).Execute();
    }
}
