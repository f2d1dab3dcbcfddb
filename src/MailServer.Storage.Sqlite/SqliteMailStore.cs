using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>Mail in mail.db.</summary>
/// <param name="queue">Null where nothing is written.</param>
internal sealed class SqliteMailStore(CommitQueue? queue, ReaderPool readers, string identity) : IMailStore
{
    private readonly byte[] _identity = Encoding.ASCII.GetBytes(identity);
    private readonly Lock _lock = new();
    private readonly HashSet<long> _held = [];

    /// <summary>What the unique-ids of this store begin with, and those of no other do.</summary>
    public ReadOnlySpan<byte> Identity => _identity;

    public CommitQueue Queue => queue ?? throw new StoreFault(StoreFaultKind.Unavailable, "The mail store is only read");

    public ReaderPool Readers => readers;

    public IMessageWriter Begin(Envelope envelope) => new SqliteMessageWriter(Queue, envelope);

    public ValueTask<IMaildrop?> OpenMaildropAsync(Account account, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_held.Add(account.Id))
                return ValueTask.FromResult<IMaildrop?>(null);
        }

        try
        {
            var rows = readers.Read(account.Id, static (connection, id) => connection.ListMaildrop(id));
            return ValueTask.FromResult<IMaildrop?>(new SqliteMaildrop(this, account, rows));
        }
        catch (StoreFault)
        {
            Release(account.Id);
            throw;
        }
    }

    /// <summary>Frees a maildrop for the next session.</summary>
    public void Release(long account)
    {
        lock (_lock)
            _held.Remove(account);
    }
}
