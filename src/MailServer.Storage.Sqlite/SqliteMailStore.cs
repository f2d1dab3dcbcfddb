using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>Mail in mail.db.</summary>
internal sealed class SqliteMailStore(CommitQueue queue, ReaderPool readers, string identity) : IMailStore
{
    private readonly byte[] _identity = Encoding.ASCII.GetBytes(identity);
    private readonly Lock _lock = new();
    private readonly HashSet<long> _held = [];

    /// <summary>What the unique-ids of this store begin with, and those of no other do.</summary>
    public ReadOnlySpan<byte> Identity => _identity;

    public CommitQueue Queue => queue;

    public ReaderPool Readers => readers;

    public IMessageWriter Begin(Envelope envelope) => new SqliteMessageWriter(queue, envelope);

    public ValueTask<IMaildrop?> OpenMaildropAsync(Account account, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var rows = Hold(account, static (connection, id) => connection.ListMaildrop(id));
        return ValueTask.FromResult<IMaildrop?>(rows is null ? null : new SqliteMaildrop(this, account, rows));
    }

    /// <summary>Opens a maildrop of whose list pages may be damaged. Null when a session holds it.</summary>
    public SalvagedMaildrop? OpenWhatCanBeRead(Account account)
    {
        (MaildropRow[] Rows, bool IsWhole)? salvaged = null;
        var rows = Hold(account, (connection, id) => (salvaged = connection.SalvageMaildrop(id)).Value.Rows);
        return rows is null ? null : new SalvagedMaildrop(new SqliteMaildrop(this, account, rows), salvaged!.Value.IsWhole);
    }

    // Null when somebody else holds it.
    private MaildropRow[]? Hold(Account account, Func<ReadConnection, long, MaildropRow[]> list)
    {
        lock (_lock)
        {
            if (!_held.Add(account.Id))
                return null;
        }

        try
        {
            return readers.Read(account.Id, list);
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
