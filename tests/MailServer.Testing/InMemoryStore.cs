using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Memory;

namespace MailServer.Testing;

/// <summary>The store in memory, for tests that are not about storing. It fails where a test wants it to.</summary>
public sealed class InMemoryStore : IMailStore, IAccountStore
{
    private readonly MemoryStore _store = new();

    /// <summary>
    /// Asked before each operation, by its name (begin, flush, commit, open, read, update, find, add, password, protect, remove, list);
    /// what it returns is thrown in the operation's place: a <see cref="StoreFault"/>, or what no store should throw.
    /// </summary>
    public Func<string, Exception?>? Fault { get; set; }

    /// <summary>Messages that were begun and whose writers are not disposed of yet.</summary>
    public int OpenWriters { get; internal set; }

    /// <summary>Octets that the writers of all messages were given.</summary>
    public long OctetsWritten { get; internal set; }

    public IMessageWriter Begin(Envelope envelope)
    {
        ThrowIfFaulty("begin");
        OpenWriters++;
        return new FaultyMessageWriter(_store.Begin(envelope), this);
    }

    public async ValueTask<IMaildrop?> OpenMaildropAsync(Account account, CancellationToken cancellation)
    {
        ThrowIfFaulty("open");
        return await _store.OpenMaildropAsync(account, cancellation) is { } maildrop ? new FaultyMaildrop(maildrop, this) : null;
    }

    public ValueTask<Account?> FindAsync(AccountName name, CancellationToken cancellation)
    {
        ThrowIfFaulty("find");
        return _store.FindAsync(name, cancellation);
    }

    public ValueTask<Account?> AddAsync(AccountName name, string? passwordHash, CancellationToken cancellation)
    {
        ThrowIfFaulty("add");
        return _store.AddAsync(name, passwordHash, cancellation);
    }

    public ValueTask<bool> SetPasswordHashAsync(Account account, string? passwordHash, CancellationToken cancellation)
    {
        ThrowIfFaulty("password");
        return _store.SetPasswordHashAsync(account, passwordHash, cancellation);
    }

    public ValueTask<bool> AddPasswordHashAsync(Account account, string passwordHash, CancellationToken cancellation)
    {
        ThrowIfFaulty("protect");
        return _store.AddPasswordHashAsync(account, passwordHash, cancellation);
    }

    public ValueTask<bool> RemoveAsync(Account account, CancellationToken cancellation)
    {
        ThrowIfFaulty("remove");
        return _store.RemoveAsync(account, cancellation);
    }

    public ValueTask<IReadOnlyList<Account>> ListAsync(CancellationToken cancellation)
    {
        ThrowIfFaulty("list");
        return _store.ListAsync(cancellation);
    }

    public ValueTask<NameEntry> LookUpAsync(AccountName name, CancellationToken cancellation)
    {
        ThrowIfFaulty("find");
        return _store.LookUpAsync(name, cancellation);
    }

    public ValueTask SetAliasAsync(Alias alias, CancellationToken cancellation) => _store.SetAliasAsync(alias, cancellation);

    public ValueTask<bool> RemoveAliasAsync(AccountName name, CancellationToken cancellation) => _store.RemoveAliasAsync(name, cancellation);

    public ValueTask<IReadOnlyList<Alias>> ListAliasesAsync(CancellationToken cancellation) => _store.ListAliasesAsync(cancellation);

    /// <inheritdoc cref="MemoryStore.MessagesOf"/>
    public IReadOnlyList<byte[]> MessagesOf(AccountName name) => _store.MessagesOf(name);

    internal void ThrowIfFaulty(string operation)
    {
        if (Fault?.Invoke(operation) is { } fault)
            throw fault;
    }
}
