using System.Globalization;
using MailServer.Core.Mail;

namespace MailServer.Core.Pop3;

/// <summary>
/// A maildrop as its session sees it: messages numbered from 1, oldest first, with the session's deletion and read
/// marks (RFC 1939 5). Nothing here touches the store.
/// </summary>
public sealed class MaildropView
{
    private readonly IReadOnlyList<MaildropEntry> _entries;
    private readonly HashSet<int> _deleted = [];
    private readonly SortedSet<int> _read = [];

    public MaildropView(IReadOnlyList<MaildropEntry> entries)
    {
        _entries = entries;
        foreach (var index in Enumerable.Range(0, entries.Count))
            Octets += entries[index].Octets;
        Count = entries.Count;
    }

    /// <summary>The highest message number, deleted ones included.</summary>
    public int HighestNumber => _entries.Count;

    /// <summary>Messages that are not marked as deleted.</summary>
    public int Count { get; private set; }

    /// <summary>Octets of the messages that are not marked as deleted.</summary>
    public long Octets { get; private set; }

    /// <summary>Indexes of the messages marked as deleted.</summary>
    public IReadOnlyList<int> Deleted => [.. _deleted.Order()];

    /// <summary>Indexes of the messages that this session has sent whole.</summary>
    public IReadOnlyList<int> Read => [.. _read];

    /// <summary>Indexes of the messages that are not marked as deleted, oldest first.</summary>
    public IEnumerable<int> Present => Enumerable.Range(0, _entries.Count).Where(index => !_deleted.Contains(index));

    public long OctetsOf(int index) => _entries[index].Octets;

    /// <summary>True when RETR has sent the message, in this session or an earlier one.</summary>
    public bool IsRead(int index) => _entries[index].IsRead || _read.Contains(index);

    /// <summary>Finds the message of a number in an argument.</summary>
    public MessageLookup Find(string number)
    {
        if (number.Length == 0 || !number.All(char.IsAsciiDigit))
            return new(MessageLookupKind.NotANumber);
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1 || value > _entries.Count)
            return new(MessageLookupKind.Missing) { Number = _entries.Count };
        return _deleted.Contains(value - 1) ? new(MessageLookupKind.Deleted) { Number = value } : new(MessageLookupKind.Found) { Index = value - 1 };
    }

    public void MarkDeleted(int index)
    {
        if (!_deleted.Add(index))
            return;
        Count--;
        Octets -= OctetsOf(index);
    }

    /// <summary>Takes every deletion mark back (RFC 1939 5, RSET). What was read stays read.</summary>
    public void UndoDeletions()
    {
        Count += _deleted.Count;
        Octets += _deleted.Sum(OctetsOf);
        _deleted.Clear();
    }

    public void MarkRead(int index)
    {
        if (!_entries[index].IsRead)
            _read.Add(index);
    }
}
