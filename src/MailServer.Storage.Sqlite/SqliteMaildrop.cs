using System.Buffers.Text;
using System.Collections;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>A snapshot of an account's maildrop, and the account's lock until disposed.</summary>
internal sealed class SqliteMaildrop(SqliteMailStore store, Account account, MaildropRow[] rows) : IMaildrop
{
    private static readonly long _first = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long _last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly ReadAhead _ahead = new(store.Readers, rows);
    private bool _isDisposed;

    public IReadOnlyList<MaildropEntry> Entries { get; } = new EntryList(rows);

    public int WriteUniqueId(int index, Span<byte> destination)
    {
        if (rows[index].UniqueId is { } kept)
            return Encoding.ASCII.GetBytes(kept, destination);
        var identity = store.Identity;
        identity.CopyTo(destination);
        destination[identity.Length] = (byte)'.';
        Utf8Formatter.TryFormat(rows[index].Uid, destination[(identity.Length + 1)..], out var digits);
        return identity.Length + 1 + digits;
    }

    public ValueTask<int> ReadAsync(int index, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var row = rows[index];
        var rest = row.Size - offset;
        if (rest <= 0 || destination.IsEmpty)
            return ValueTask.FromResult(0);
        if (destination.Length > rest)
            destination = destination[..(int)rest];
        try
        {
            var count = _ahead.Read(index, offset, destination.Span);
            if (count > 0)
                return ValueTask.FromResult(count);
            return store.Readers.Read((row.Message, offset, destination), static (connection, want) => connection.TryReadMessage(want.Message, want.offset, want.destination.Span))
                ? ValueTask.FromResult(destination.Length)
                : throw Missing(index);
        }
        catch (StoreFault fault) when (SqliteFault.IsDamage(fault.InnerException))
        {
            throw Damaged(index, fault);
        }
    }

    public ValueTask<DateTimeOffset> ReceivedAtAsync(int index, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return store.Readers.Read(rows[index].Message, static (connection, wanted) => connection.ReceivedAt(wanted)) is { } milliseconds && milliseconds >= _first && milliseconds <= _last
                ? ValueTask.FromResult(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
                : throw Missing(index);
        }
        catch (StoreFault fault) when (SqliteFault.IsDamage(fault.InnerException))
        {
            throw Damaged(index, fault);
        }
    }

    public ValueTask CommitAsync(IReadOnlyList<int> deleted, IReadOnlyList<int> read, CancellationToken cancellation) =>
        store.Queue.CommitAsync(
            writer => writer.Mail.Update(account.Id, deleted.Select(index => rows[index]), read.Select(index => rows[index])),
            cancellation);

    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
            store.Release(account.Id);
        _isDisposed = true;
        _ahead.Dispose();
        return ValueTask.CompletedTask;
    }

    private StoreFault Missing(int index) => store.Readers.Read((account.Id, rows[index].Uid), static (connection, row) => connection.IsListed(row.Id, row.Uid))
        ? Damaged(index)
        : new(StoreFaultKind.Removed, $"The message of {account.Name} with the unique-id {UniqueId.Of(this, index)} was removed meanwhile");

    private StoreFault Damaged(int index, Exception? cause = null) => new(
        StoreFaultKind.Damaged, $"The message of {account.Name} with the unique-id {UniqueId.Of(this, index)} is damaged", cause);

    private sealed class EntryList(MaildropRow[] rows) : IReadOnlyList<MaildropEntry>
    {
        public int Count => rows.Length;

        public MaildropEntry this[int index] => new(rows[index].Size, rows[index].IsRead);

        public IEnumerator<MaildropEntry> GetEnumerator() =>
            rows.Select(row => new MaildropEntry(row.Size, row.IsRead)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
