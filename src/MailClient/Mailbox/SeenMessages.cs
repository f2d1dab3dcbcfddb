using MailClient.Net;

namespace MailClient.Mailbox;

/// <summary>Which messages of a mailbox were read here, by their unique-ids: POP3 itself does not say.</summary>
internal sealed class SeenMessages
{
    private readonly Action<string>? _warn;
    private readonly string _path;
    private readonly HashSet<string> _uniqueIds;

    /// <summary>Reads what is remembered of a user's mailbox.</summary>
    /// <param name="warn">Told in one line when nothing can be remembered.</param>
    public SeenMessages(string folder, ServerAddress address, string user, Action<string>? warn = null)
    {
        _warn = warn;
        _path = Path.Combine(folder, "seen", Uri.EscapeDataString($"{user}@{address}".ToLowerInvariant()));
        _uniqueIds = [.. UserFiles.Recall(_path, warn)];
    }

    public bool Contains(string? uniqueId) => uniqueId is not null && _uniqueIds.Contains(uniqueId);

    /// <summary>Remembers that a message was read.</summary>
    public void Add(string? uniqueId)
    {
        if (uniqueId is not null && _uniqueIds.Add(uniqueId))
            UserFiles.Remember(_path, _uniqueIds, _warn);
    }

    /// <summary>Forgets the messages that are no longer there.</summary>
    public void KeepOnly(IEnumerable<string> present)
    {
        var count = _uniqueIds.Count;
        _uniqueIds.IntersectWith(present);
        if (_uniqueIds.Count < count)
            UserFiles.Remember(_path, _uniqueIds, _warn);
    }
}
