using System.Buffers;
using System.Globalization;
using MailServer.Core.Wire;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MailServer.Storage.Sqlite;

/// <summary>
/// Gives texts that were stored with a bare LF or CR the line ends of mail. Most POP3 clients read lines at LF, so that behind
/// a stored <c>LF . LF</c> a sender could go on with answers of his own (RFC 1939 3). What has CRLF already is read once
/// and not written. Runs within a transaction; holds two chunks in memory, whatever the message's size.
/// </summary>
/// <param name="tell">Told in one line that a large store takes a while, and how many messages were changed.</param>
internal sealed class LineEndMigration(StoreConnection connection, Action<string>? tell)
{
    // Read in less than a second or so.
    private const long TakesAWhile = 512 * 1024 * 1024;

    private readonly Statement _finished = connection.Prepare(
        "SELECT id, size FROM messages WHERE copies > 0 AND id > ?1 ORDER BY id LIMIT 1");

    private readonly Statement _chunk = connection.Prepare("SELECT octets FROM chunks WHERE id = ?1");

    // New chunks lie under negative ids until the old ones, which they are made from, are gone.
    private readonly Statement _addChunk = connection.Prepare("INSERT INTO chunks (id, octets) VALUES (-1 - ?1, ?2)");

    private readonly Statement _removeChunks = connection.Prepare("DELETE FROM chunks WHERE id >= ?1 AND id < ?2");

    private readonly Statement _nameChunks = connection.Prepare("UPDATE chunks SET id = -1 - id WHERE id < 0");

    private readonly Statement _resize = connection.Prepare("UPDATE messages SET size = ?2 WHERE id = ?1");

    private readonly Pieces _pieces = new();

    /// <summary>Looks through every message that a maildrop may hold.</summary>
    public void Run()
    {
        var octets = connection.Query<long>("SELECT coalesce(sum(size), 0) FROM messages");
        if (octets > TakesAWhile)
            tell?.Invoke(string.Create(CultureInfo.InvariantCulture, $"The mail store is of an older version: all {octets >> 20} MiB of it are read once now; wait until that is done"));

        var (last, changed) = (0L, 0);
        while (Next(last) is var (message, size))
        {
            last = message;
            if (IsWhole(message, size, out var hasChanged) && hasChanged)
            {
                Rewrite(message);
                changed++;
            }
        }

        if (changed == 0)
            return;
        connection.Execute("UPDATE maildrop SET size = m.size FROM messages m WHERE m.id = message_id AND m.size <> maildrop.size");
        tell?.Invoke(string.Create(CultureInfo.InvariantCulture, $"Messages that an older version had stored without CRLF at the end of every line, and that have it now: {changed}"));
    }

    private (long Message, long Size)? Next(long last)
    {
        using var rows = _finished.Bind(1, last).Query();
        return rows.Next() ? (rows.Number(0), rows.Number(1)) : null;
    }

    // False for a message that is damaged: it stays so, for RETR to tell.
    private bool IsWhole(long message, long size, out bool hasChanged)
    {
        var normalizer = new LineEndNormalizer();
        _pieces.Begin(null);
        var read = Pass(message, ref normalizer);
        hasChanged = _pieces.Length != size || normalizer.SawBareLineFeed || normalizer.SawBareCarriageReturn;
        return read == size;
    }

    private void Rewrite(long message)
    {
        var normalizer = new LineEndNormalizer();
        var sequence = 0L;
        _pieces.Begin(chunk => _addChunk.Bind(1, MailWrites.ChunkId(message, sequence++)).Bind(2, chunk).Execute());
        Pass(message, ref normalizer);
        _removeChunks.Bind(1, MailWrites.ChunkId(message, 0)).Bind(2, MailWrites.ChunkId(message + 1, 0)).Execute();
        _nameChunks.Execute();
        _resize.Bind(1, message).Bind(2, _pieces.Length).Execute();
    }

    // Returns the octets that were read.
    private long Pass(long message, ref LineEndNormalizer normalizer)
    {
        var read = 0L;
        for (var sequence = 0L; ReadChunk(message, sequence, ref normalizer) is > 0 and var count; sequence++)
            read += count;
        normalizer.Finish(_pieces);
        _pieces.End();
        return read;
    }

    // Returns the octets that were read; 0 when there are none, or they cannot be read.
    private int ReadChunk(long message, long sequence, ref LineEndNormalizer normalizer)
    {
        try
        {
            using var rows = _chunk.Bind(1, MailWrites.ChunkId(message, sequence)).Query();
            if (!rows.Next())
                return 0;
            var octets = rows.Octets(0);
            normalizer.Write(octets, _pieces);
            return octets.Length;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            return 0;
        }
    }

    // Cuts a text into chunks, or only counts it.
    private sealed class Pieces : IBufferWriter<byte>
    {
        private readonly byte[] _buffer = new byte[2 * Schema.ChunkSize];
        private SpanAction? _onChunk;
        private int _count;

        public delegate void SpanAction(ReadOnlySpan<byte> chunk);

        public long Length { get; private set; }

        public void Begin(SpanAction? onChunk) => (_onChunk, _count, Length) = (onChunk, 0, 0);

        public void Advance(int count)
        {
            _count += count;
            Length += count;
            if (_count >= Schema.ChunkSize)
                Pass(Schema.ChunkSize);
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.AsMemory(_count);

        public Span<byte> GetSpan(int sizeHint = 0) => _buffer.AsSpan(_count);

        public void End()
        {
            if (_count > 0)
                Pass(_count);
        }

        private void Pass(int count)
        {
            _onChunk?.Invoke(_buffer.AsSpan(0, count));
            _count -= count;
            _buffer.AsSpan(count, _count).CopyTo(_buffer);
        }
    }
}
