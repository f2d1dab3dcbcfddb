using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>What is written about mail. Every member runs within a transaction of <see cref="WriteConnection"/>.</summary>
internal sealed class MailWrites(StoreConnection connection, IdSequence ids, DiskReserve reserve)
{
    private readonly Statement _addMessage = connection.Prepare(
        "INSERT INTO messages (id, size, received_at, copies, reverse_path) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly Statement _finishMessage = connection.Prepare(
        "UPDATE messages SET size = ?2, copies = ?3 WHERE id = ?1 AND copies = 0");

    private readonly Statement _removeMessage = connection.Prepare("DELETE FROM messages WHERE id = ?1");

    private readonly Statement _removeCopy = connection.Prepare("UPDATE messages SET copies = copies - 1 WHERE id = ?1 AND copies > 1");

    private readonly Statement _unfinished = connection.Prepare("SELECT id FROM messages WHERE copies = 0");

    private readonly Statement _addChunk = connection.Prepare("INSERT INTO chunks (id, octets) VALUES (?1, ?2)");

    private readonly Statement _removeChunks = connection.Prepare("DELETE FROM chunks WHERE id >= ?1 AND id < ?2");

    private readonly Statement _isUnfinished = connection.Prepare("SELECT 1 FROM messages WHERE id = ?1 AND copies = 0");

    private readonly Statement _addToMaildrop = connection.Prepare(
        "INSERT INTO maildrop (account_id, uid, message_id, size, is_read, unique_id) SELECT id, ?2, ?3, ?4, ?5, ?6 FROM accounts WHERE id = ?1");

    private readonly ImportLedger _ledger = new(connection, ids);

    private readonly Statement _sizeOf = connection.Prepare("SELECT coalesce(sum(size), 0) FROM maildrop WHERE account_id = ?1");

    private readonly Statement _removeFromMaildrop = connection.Prepare("DELETE FROM maildrop WHERE account_id = ?1 AND uid = ?2");

    private readonly Statement _markRead = connection.Prepare("UPDATE maildrop SET is_read = 1 WHERE account_id = ?1 AND uid = ?2");

    private readonly Statement _messagesOf = connection.Prepare("SELECT message_id FROM maildrop WHERE account_id = ?1");

    private readonly Statement _emptyMaildrop = connection.Prepare("DELETE FROM maildrop WHERE account_id = ?1");

    /// <summary>Stores a message of less than a chunk for all of its recipients. False when it was imported before.</summary>
    public bool Deliver(Envelope envelope, ReadOnlySpan<byte> octets, Provenance? provenance)
    {
        if (!_ledger.Remember(envelope, provenance))
            return false;
        var message = ids.Next();
        AddToMaildrops(envelope, message, octets.Length, provenance);
        AddMessage(message, octets.Length, envelope, envelope.Recipients.Count);
        AddChunk(message, 0, octets);
        return true;
    }

    /// <summary>Begins a message of more than one chunk, which lies in no maildrop yet.</summary>
    /// <returns>The message's id.</returns>
    public long Start(Envelope envelope, ReadOnlySpan<byte> firstChunk)
    {
        var message = ids.Next();
        AddMessage(message, 0, envelope, copies: 0);
        AddChunk(message, 0, firstChunk);
        return message;
    }

    /// <summary>Adds a chunk to a message that was begun.</summary>
    public void Continue(long message, long sequence, ReadOnlySpan<byte> chunk)
    {
        ThrowUnlessUnfinished(message);
        AddChunk(message, sequence, chunk);
    }

    /// <summary>Adds the rest of a message that was begun and gives it to its recipients. False, and it is gone, when it was imported before.</summary>
    public bool Finish(long message, long sequence, ReadOnlySpan<byte> rest, long size, Envelope envelope, Provenance? provenance)
    {
        Continue(message, sequence, rest);
        if (!_ledger.Remember(envelope, provenance))
        {
            Remove(message);
            return false;
        }

        AddToMaildrops(envelope, message, size, provenance);
        _finishMessage.Bind(1, message).Bind(2, size).Bind(3, envelope.Recipients.Count).Execute();
        return true;
    }

    /// <summary>Removes a message with its chunks.</summary>
    public void Remove(long message)
    {
        _removeMessage.Bind(1, message).Execute();
        _removeChunks.Bind(1, ChunkId(message, 0)).Bind(2, ChunkId(message + 1, 0)).Execute();
    }

    /// <summary>Removes every message that was begun and not finished. No process may be receiving one.</summary>
    public void RemoveUnfinished()
    {
        var unfinished = new List<long>();
        using (var rows = _unfinished.Query())
        {
            while (rows.Next())
                unfinished.Add(rows.Number(0));
        }

        foreach (var message in unfinished)
            Remove(message);
    }

    /// <summary>Carries out a session's deletions and read marks. What others removed meanwhile is passed over.</summary>
    public void Update(long account, IEnumerable<MaildropRow> deleted, IEnumerable<MaildropRow> read)
    {
        foreach (var row in read)
            _markRead.Bind(1, account).Bind(2, row.Uid).Execute();
        foreach (var row in deleted)
        {
            if (_removeFromMaildrop.Bind(1, account).Bind(2, row.Uid).Execute() > 0)
                RemoveCopy(row.Message);
        }
    }

    /// <summary>Removes everything that an account holds.</summary>
    public void Empty(long account)
    {
        using (var rows = _messagesOf.Bind(1, account).Query())
        {
            while (rows.Next())
                RemoveCopy(rows.Number(0));
        }

        _emptyMaildrop.Bind(1, account).Execute();
        _ledger.Forget(account);
    }

    /// <summary>The id of a message's chunk, counted from 0.</summary>
    public static long ChunkId(long message, long sequence) => (message * Schema.ChunksPerMessage) + sequence;

    private void AddToMaildrops(Envelope envelope, long message, long text, Provenance? provenance)
    {
        var size = text + ReturnPath.LengthOf(envelope.ReversePath);
        foreach (var recipient in envelope.Recipients)
        {
            ThrowIfOver(envelope.MailboxSize, recipient, size);
            var uniqueId = _ledger.UniqueIdFor(recipient, provenance);
            var added = _addToMaildrop.Bind(1, recipient.Id).Bind(2, ids.Next()).Bind(3, message).Bind(4, size)
                .Bind(5, provenance is { IsRead: true } ? 1 : 0).Bind(6, uniqueId).Execute();

            // All or none: what is answered with 250 lies where RCPT said. An account that was made again is another one.
            if (added == 0)
                throw new StoreFault(StoreFaultKind.NoRecipient, $"The account {recipient.Name} was removed meanwhile; make it again, or choose another");
        }
    }

    // All or none: one full mailbox puts the message off for every recipient.
    private void ThrowIfOver(long limit, Account recipient, long size)
    {
        if (limit == 0)
            return;
        using var rows = _sizeOf.Bind(1, recipient.Id).Query();
        if (rows.Next() && rows.Number(0) + size > limit)
            throw new StoreFault(StoreFaultKind.OverQuota, $"The mailbox of {recipient.Name} is full");
    }

    private void AddMessage(long message, long size, Envelope envelope, int copies) =>
        _addMessage.Bind(1, message).Bind(2, size).Bind(3, envelope.ReceivedAt.ToUnixTimeMilliseconds()).Bind(4, copies).Bind(5, envelope.ReversePath).Execute();

    // An empty message has no chunk, and one of whole chunks no rest.
    private void AddChunk(long message, long sequence, ReadOnlySpan<byte> octets)
    {
        if (octets.Length == 0)
            return;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, Schema.ChunksPerMessage);
        reserve.ThrowIfNoRoom();
        _addChunk.Bind(1, ChunkId(message, sequence)).Bind(2, octets).Execute();
    }

    private void RemoveCopy(long message)
    {
        if (_removeCopy.Bind(1, message).Execute() == 0)
            Remove(message);
    }

    // A server that starts removes unfinished messages, and the command line may just be importing one.
    private void ThrowUnlessUnfinished(long message)
    {
        using var rows = _isUnfinished.Bind(1, message).Query();
        if (!rows.Next())
            throw new StoreFault(StoreFaultKind.Unavailable, "A server started meanwhile and removed the unfinished message; send it again");
    }
}
