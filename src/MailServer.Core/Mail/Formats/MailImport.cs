using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using MailServer.Core.Accounts;

namespace MailServer.Core.Mail.Formats;

/// <summary>What became of a message that was to be imported.</summary>
public enum ImportOutcome
{
    Taken,

    /// <summary>An earlier import took it, or it lies in the mailbox under the same unique-id.</summary>
    Known,

    /// <summary>It was deleted, and is only there because the mailbox was not compacted yet.</summary>
    Deleted,

    /// <summary>It has no octets.</summary>
    Empty,

    /// <summary>It is a note that a mail program keeps in the folder for itself.</summary>
    FolderNote,
}

/// <summary>
/// Puts messages of files into an account's mailbox, in order. Several are on their way to the disk at a time, so that they share
/// an fsync; between the groups the store is free for others. Throws <see cref="StoreFault"/>.
/// </summary>
public sealed class MailImport : IAsyncDisposable
{
    // What is looked through for fields.
    private const int HeadSize = 64 * 1024;

    private const int GroupMessages = 64;
    private const int GroupOctets = 1024 * 1024;

    // Others would be committed before a longer message, whose chunks are written first: it is committed alone.
    private const int LargeMessage = 64 * 1024;

    private readonly IMailStore _store;
    private readonly Account _account;
    private readonly IMaildrop _present;
    private readonly bool _isTakingAgain;
    private readonly Dictionary<string, int> _uniqueIds = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, int> _seen = [];
    private readonly List<(IMessageWriter Writer, Task<bool> Commit)> _group = [];
    private readonly byte[] _raw = new byte[HeadSize];
    private readonly ArrayBufferWriter<byte> _text = new(2 * HeadSize);
    private long _groupOctets;

    private MailImport(IMailStore store, Account account, IMaildrop present, bool isTakingAgain)
    {
        (_store, _account, _present, _isTakingAgain) = (store, account, present, isTakingAgain);
        for (var index = 0; index < present.Entries.Count; index++)
            _uniqueIds[UniqueId.Of(present, index)] = index;
    }

    /// <summary>Messages that are on disk.</summary>
    public long Taken { get; private set; }

    /// <summary>Messages that were there already.</summary>
    public long Known { get; private set; }

    /// <summary>Begins an import. Null when a session of this process holds the mailbox.</summary>
    /// <param name="isTakingAgain">True to take also what earlier imports took.</param>
    public static async ValueTask<MailImport?> OpenAsync(IMailStore store, Account account, bool isTakingAgain, CancellationToken cancellation) =>
        await store.OpenMaildropAsync(account, cancellation) is { } present ? new MailImport(store, account, present, isTakingAgain) : null;

    /// <summary>Begins to take a message. The outcome Taken means that it is in flight: after <see cref="FlushAsync"/> it is on disk, or was known.</summary>
    public async ValueTask<ImportOutcome> AddAsync(ImportedMessage message, CancellationToken cancellation)
    {
        var text = new ForeignText(message.Read, _raw, _text);
        await text.FillAsync(HeadSize, cancellation);
        if (_text.WrittenCount == 0 || (message.Source != MailSource.Maildir && text.IsEnded && _text.WrittenSpan.IndexOfAnyExcept("\r\n"u8) < 0))
            return ImportOutcome.Empty;
        var start = 0;
        // Of a Maildir every octet is the message's, and the senders of the others can write nothing above what is put there.
        var fields = message.Source == MailSource.Maildir ? null : ExportHeader.TryParse(_text.WrittenSpan, out start);
        if (fields is not null && start == _text.WrittenCount && text.IsEnded)
            return ImportOutcome.Empty;
        if (fields is null)
            start = ForeignText.PreambleOf(_text.WrittenSpan, message.Source);
        var marks = fields is null ? HeaderMarks.Of(_text.WrittenSpan[start..], message.Source) : HeaderMarks.None;
        if (marks.IsFolderNote)
            return ImportOutcome.FolderNote;
        if (message.IsDeleted || marks.IsDeleted)
            return ImportOutcome.Deleted;

        // Our own field and a Maildir count whatever they say: mail that came while a clock was wrong is the same after it was moved.
        var said = fields?.ReceivedAt ?? (message.Source == MailSource.Maildir ? message.ReceivedAt : Plausible(message.ReceivedAt));
        var receivedAt = said
            ?? Plausible(HeaderMarks.DateOf(_text.WrittenSpan[start..])) ?? message.FallbackDate;

        // A line that begins with a blank would go on a field that stands above it.
        var isFolded = _text.WrittenSpan[start..] is [(byte)' ' or (byte)'\t', ..];
        var needsSender = fields is null && !isFolded && HeaderFields.FindOctets(_text.WrittenSpan[start..], "Return-Path") is null;
        var sender = needsSender ? message.ReversePath : null;
        var writer = _store.Begin(new Envelope(sender, [_account], receivedAt));
        var isHandedOver = false;
        try
        {
            var digest = await WriteAsync(text, start, ReturnPath.Format(sender), writer, cancellation);
            var occurrence = Occurrence(digest);
            var uniqueId = fields?.UniqueId ?? message.UniqueId ?? marks.UniqueId;
            if (uniqueId is not null && await IsPresentAsync(uniqueId, ReturnPath.LengthOf(sender) + writer.Length, digest, cancellation))
            {
                Known++;
                return ImportOutcome.Known;
            }

            var isRead = fields?.IsRead ?? (message.IsRead || marks.IsRead);
            await CommitAsync(writer, new Provenance(uniqueId, isRead, _isTakingAgain ? default : occurrence));
            isHandedOver = true;
            return ImportOutcome.Taken;
        }
        finally
        {
            if (!isHandedOver)
                await writer.DisposeAsync();
        }
    }

    /// <summary>Returns when everything that was taken is on disk.</summary>
    public async ValueTask FlushAsync()
    {
        StoreFault? fault = null;
        foreach (var (writer, commit) in _group)
        {
            try
            {
                if (await commit)
                    Taken++;
                else
                    Known++;
            }
            catch (StoreFault failed)
            {
                fault ??= failed;
            }

            await writer.DisposeAsync();
        }

        _group.Clear();
        _groupOctets = 0;
        if (fault is not null)
            throw new StoreFault(fault.Kind, fault.Message, fault);
    }

    public ValueTask DisposeAsync() => _present.DisposeAsync();

    // No mail is older than 1970: what says so in words of others is the mistake of a program.
    private static DateTimeOffset? Plausible(DateTimeOffset? date) => date >= DateTimeOffset.UnixEpoch ? date : null;

    // Returns the SHA-256 of what is handed out.
    private async ValueTask<byte[]> WriteAsync(ForeignText text, int start, byte[] field, IMessageWriter writer, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(field);
        Pass(_text.WrittenSpan[start..], hash, writer);
        await writer.FlushAsync(cancellation);
        while (!text.IsEnded)
        {
            await text.FillAsync(1, cancellation);
            Pass(_text.WrittenSpan, hash, writer);
            await writer.FlushAsync(cancellation);
        }

        return hash.GetHashAndReset();
    }

    private static void Pass(ReadOnlySpan<byte> octets, IncrementalHash hash, IMessageWriter writer)
    {
        hash.AppendData(octets);
        writer.Write(octets);
    }

    private async ValueTask CommitAsync(IMessageWriter writer, Provenance provenance)
    {
        var isLarge = writer.Length >= LargeMessage;
        if (isLarge)
            await FlushAsync();
        _groupOctets += writer.Length;
        _group.Add((writer, writer.CommitMovedAsync(provenance, CancellationToken.None).AsTask()));
        if (isLarge || _group.Count >= GroupMessages || _groupOctets >= GroupOctets)
            await FlushAsync();
    }

    // A mailbox may hold the same text twice: the second one of a run is another message than the first, in every run.
    private byte[] Occurrence(byte[] digest)
    {
        var key = BinaryPrimitives.ReadUInt128LittleEndian(digest);
        var count = _seen[key] = _seen.GetValueOrDefault(key) + 1;
        Span<byte> named = stackalloc byte[SHA256.HashSizeInBytes + sizeof(int)];
        digest.CopyTo(named);
        BinaryPrimitives.WriteInt32LittleEndian(named[SHA256.HashSizeInBytes..], count);
        return SHA256.HashData(named);
    }

    private async ValueTask<bool> IsPresentAsync(string uniqueId, long length, byte[] digest, CancellationToken cancellation)
    {
        if (!_uniqueIds.TryGetValue(uniqueId, out var index) || _present.Entries[index].Octets != length)
            return false;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[HeadSize];
            for (var offset = 0L; await _present.ReadAsync(index, offset, buffer, cancellation) is > 0 and var count; offset += count)
                hash.AppendData(buffer.AsSpan(0, count));
            return hash.GetHashAndReset().AsSpan().SequenceEqual(digest);
        }
        catch (StoreFault fault) when (fault.Kind is StoreFaultKind.Damaged or StoreFaultKind.Removed)
        {
            // Deleted meanwhile, or damaged: then this one may replace it.
            return false;
        }
    }
}
