using System.Globalization;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Memory;

/// <summary>Accounts and mail in memory.</summary>
public sealed class MemoryStore : IMailStore, IAccountStore
{
    private const string OwnStart = "memory.";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = [];
    private readonly Dictionary<long, SortedList<long, StoredMessage>> _maildrops = [];
    private readonly SortedDictionary<string, Alias> _aliases = new(StringComparer.Ordinal);
    private readonly HashSet<long> _held = [];
    private readonly HashSet<(long Account, string Digest)> _imports = [];
    private long _lastNumber;

    public IMessageWriter Begin(Envelope envelope) => new MemoryMessageWriter(this, envelope);

    public ValueTask<IMaildrop?> OpenMaildropAsync(Account account, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_held.Add(account.Id))
                return ValueTask.FromResult<IMaildrop?>(null);
            var messages = _maildrops.TryGetValue(account.Id, out var maildrop) ? [.. maildrop.Values] : Array.Empty<StoredMessage>();
            return ValueTask.FromResult<IMaildrop?>(new MemoryMaildrop(this, account.Id, messages));
        }
    }

    public ValueTask<Account?> FindAsync(AccountName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return ValueTask.FromResult(_accounts.GetValueOrDefault(name.Key));
    }

    public ValueTask<Account?> AddAsync(AccountName name, string? passwordHash, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var account = new Account(++_lastNumber, name, passwordHash);
            if (_aliases.ContainsKey(name.Key) || !_accounts.TryAdd(name.Key, account))
                return ValueTask.FromResult<Account?>(null);
            _maildrops.Add(account.Id, []);
            return ValueTask.FromResult<Account?>(account);
        }
    }

    public ValueTask<bool> SetPasswordHashAsync(Account account, string? passwordHash, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_maildrops.ContainsKey(account.Id))
                return ValueTask.FromResult(false);
            _accounts[account.Name.Key] = _accounts[account.Name.Key] with { PasswordHash = passwordHash };
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> AddPasswordHashAsync(Account account, string passwordHash, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _accounts.TryGetValue(account.Name.Key, out var present) && present.Id == account.Id && present.IsPasswordless
                ? SetPasswordHashAsync(account, passwordHash, cancellation)
                : ValueTask.FromResult(false);
        }
    }

    public ValueTask<bool> RemoveAsync(Account account, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_maildrops.Remove(account.Id))
                return ValueTask.FromResult(false);
            _accounts.Remove(account.Name.Key);
            foreach (var alias in _aliases.Values.Where(alias => alias.Targets.Contains(account.Name)).ToList())
                Set(alias with { Targets = [.. alias.Targets.Where(target => !target.Equals(account.Name))] });
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return ValueTask.FromResult<IReadOnlyList<Account>>([.. _accounts.Values.OrderBy(account => account.Name.Key, StringComparer.Ordinal)]);
    }

    public ValueTask<NameEntry> LookUpAsync(AccountName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return ValueTask.FromResult(new NameEntry(_accounts.GetValueOrDefault(name.Key), _aliases.GetValueOrDefault(name.Key)));
    }

    public ValueTask SetAliasAsync(Alias alias, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            Set(alias with { Targets = [.. alias.Targets.OrderBy(target => target.Key, StringComparer.Ordinal)] });
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> RemoveAliasAsync(AccountName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return ValueTask.FromResult(_aliases.Remove(name.Key));
    }

    public ValueTask<IReadOnlyList<Alias>> ListAliasesAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return ValueTask.FromResult<IReadOnlyList<Alias>>([.. _aliases.Values]);
    }

    /// <summary>The messages of an account as they are handed out, oldest first; none when there is no such account.</summary>
    public IReadOnlyList<byte[]> MessagesOf(AccountName name)
    {
        lock (_lock)
        {
            return _accounts.TryGetValue(name.Key, out var account)
                ? [.. _maildrops[account.Id].Values.Select(message => (byte[])[.. message.ReturnPath, .. message.Text])]
                : [];
        }
    }

    internal bool Deliver(Envelope envelope, byte[] text, Provenance? provenance)
    {
        var returnPath = ReturnPath.Format(envelope.ReversePath);
        lock (_lock)
        {
            if (envelope.Recipients.FirstOrDefault(recipient => !_maildrops.ContainsKey(recipient.Id)) is { } gone)
                throw new StoreFault(StoreFaultKind.NoRecipient, $"The account {gone.Name} was removed meanwhile");
            var import = provenance is { Digest.IsEmpty: false } ? (envelope.Recipients[0].Id, Convert.ToHexString(provenance.Digest.Span)) : default;
            if (_imports.Contains(import))
                return false;
            if (envelope.MailboxSize > 0 && envelope.Recipients.Any(IsFull))
                throw new StoreFault(StoreFaultKind.OverQuota, "A mailbox is full");
            if (import != default)
                _imports.Add(import);
            foreach (var recipient in envelope.Recipients)
            {
                var maildrop = _maildrops[recipient.Id];
                var uid = ++_lastNumber;
                var uniqueId = KeptUniqueId(maildrop, provenance) ?? UniqueIdOf(uid);
                maildrop.Add(uid, new StoredMessage(uid, uniqueId, returnPath, text, provenance is { IsRead: true }, envelope.ReceivedAt));
            }

            return true;
        }

        bool IsFull(Account recipient) =>
            _maildrops[recipient.Id].Values.Sum(message => message.Length) + returnPath.Length + text.Length > envelope.MailboxSize;
    }

    private void Set(Alias alias)
    {
        if (alias.Targets.Count > 0)
            _aliases[alias.Name.Key] = alias;
        else
            _aliases.Remove(alias.Name.Key);
    }

    private string? KeptUniqueId(SortedList<long, StoredMessage> maildrop, Provenance? provenance) =>
        provenance?.UniqueId is { } id
        && UniqueId.IsValid(id)
        && maildrop.Values.All(message => message.UniqueId != id)
        && (!id.StartsWith(OwnStart, StringComparison.Ordinal)
            || !long.TryParse(id.AsSpan(OwnStart.Length), CultureInfo.InvariantCulture, out var number)
            || number < _lastNumber)
            ? id
            : null;

    internal void Update(long accountId, IEnumerable<long> deleted, IEnumerable<long> read)
    {
        lock (_lock)
        {
            if (!_maildrops.TryGetValue(accountId, out var maildrop))
                return;
            foreach (var uid in read)
            {
                if (maildrop.TryGetValue(uid, out var message))
                    maildrop[uid] = message with { IsRead = true };
            }

            foreach (var uid in deleted)
                maildrop.Remove(uid);
        }
    }

    internal void Release(long accountId)
    {
        lock (_lock)
            _held.Remove(accountId);
    }

    private static string UniqueIdOf(long uid) => OwnStart + uid.ToString(CultureInfo.InvariantCulture);
}

internal sealed record StoredMessage(long Uid, string UniqueId, byte[] ReturnPath, byte[] Text, bool IsRead, DateTimeOffset ReceivedAt)
{
    public long Length => (long)ReturnPath.Length + Text.Length;
}
