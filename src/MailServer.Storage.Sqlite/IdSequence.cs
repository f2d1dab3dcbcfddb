namespace MailServer.Storage.Sqlite;

/// <summary>
/// The store's counter: accounts, messages and their unique-ids are numbered from it. A process takes numbers out of the file
/// by the block, so that not every commit writes it anew, and gives them in order. No number is used twice, not even after
/// deletions or by two processes; those that a process did not come to use are never used.
/// </summary>
internal sealed class IdSequence(StoreConnection connection)
{
    private const int Block = 1000;

    private readonly Statement _read = connection.Prepare("SELECT next_number FROM store");
    private readonly Statement _write = connection.Prepare("UPDATE store SET next_number = ?1");
    private long _next;
    private long _end;

    /// <summary>Looks, at the start of a transaction, whether the block is still the last one that was taken.</summary>
    public void Read()
    {
        using var rows = _read.Query();
        rows.Next();
        var end = rows.Number(0);

        // Another process took a later block (the rest of ours would not rise in the order of delivery), or our block was rolled back.
        if (end != _end)
            _next = _end = end;
    }

    public long Next() => _next++;

    /// <summary>The number that comes next.</summary>
    public long Peek() => _next;

    /// <summary>Takes the next block, at the end of a transaction that has used up the last one.</summary>
    public void Write()
    {
        if (_next <= _end)
            return;
        _end = _next + Block;
        _write.Bind(1, _end).Execute();
    }
}
