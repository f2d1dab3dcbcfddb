using MailClient.Net;

namespace MailClient.Mailbox;

/// <summary>Which messages of a mailbox were read here, by their unique-ids: POP3 itself does not say.</summary>
internal sealed class SeenMessages
{
    private readonly string _path;
    private readonly HashSet<string> _uniqueIds;

    /// <summary>Reads what is remembered of a user's mailbox.</summary>
    public SeenMessages(string folder, ServerAddress address, string user)
    {
        _path = Path.Combine(folder, "seen", Uri.EscapeDataString($"{user}@{address}".ToLowerInvariant()));
        _uniqueIds = File.Exists(_path) ? [.. File.ReadAllLines(_path)] : [];
    }

    public bool Contains(string? uniqueId) => uniqueId is not null && _uniqueIds.Contains(uniqueId);

    /// <summary>Remembers that a message was read.</summary>
    public void Add(string? uniqueId)
    {
        if (uniqueId is not null && _uniqueIds.Add(uniqueId))
            UserFiles.Write(_path, _uniqueIds);
    }

    /// <summary>Forgets the messages that are no longer there.</summary>
    public void KeepOnly(IEnumerable<string> present)
    {
        var count = _uniqueIds.Count;
        _uniqueIds.IntersectWith(present);
        if (_uniqueIds.Count < count)
            UserFiles.Write(_path, _uniqueIds);
    }
}
