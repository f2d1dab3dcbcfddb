using System.Buffers.Text;
using System.Collections;
using System.Text;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>A snapshot of an account's maildrop, and the account's lock until disposed.</summary>
internal sealed class SqliteMaildrop(SqliteMailStore store, long account, MaildropRow[] rows) : IMaildrop
{
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
        var ahead = _ahead.Read(index, offset, destination.Span);
        if (ahead >= 0)
            return ValueTask.FromResult(ahead);
        return ValueTask.FromResult(store.Readers.Read((row.Message, offset, destination), static (connection, want) =>
            Read(connection, want.Message, want.offset, want.destination.Span)));
    }

    public ValueTask<DateTimeOffset> ReceivedAtAsync(int index, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var message = rows[index].Message;
        return store.Readers.Read(message, static (connection, wanted) => connection.ReceivedAt(wanted)) is { } milliseconds
            ? ValueTask.FromResult(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
            : throw Damaged(message);
    }

    public ValueTask CommitAsync(IReadOnlyList<int> deleted, IReadOnlyList<int> read, CancellationToken cancellation) =>
        store.Queue.RunAsync(
            writer => writer.Mail.Update(account, deleted.Select(index => rows[index]), read.Select(index => rows[index])),
            cancellation);

    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
            store.Release(account);
        _isDisposed = true;
        _ahead.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int Read(ReadConnection connection, long message, long offset, Span<byte> destination)
    {
        var filled = 0;
        while (filled < destination.Length)
        {
            var (sequence, start) = Math.DivRem(offset + filled, Schema.ChunkSize);
            var count = connection.ReadChunk(message, sequence, (int)start, destination[filled..]);
            if (count == 0)
                throw Damaged(message);
            filled += count;
        }

        return filled;
    }

    private static StoreFault Damaged(long message) =>
        new(StoreFaultKind.Damaged, $"Message {message} of the mail store is damaged or was removed");

    private sealed class EntryList(MaildropRow[] rows) : IReadOnlyList<MaildropEntry>
    {
        public int Count => rows.Length;

        public MaildropEntry this[int index] => new(rows[index].Size, rows[index].IsRead);

        public IEnumerator<MaildropEntry> GetEnumerator() =>
            rows.Select(row => new MaildropEntry(row.Size, row.IsRead)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
