using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>What commands do to DIR/mail.db as a whole.</summary>
public sealed class SqliteMaintenance(string directory) : IStoreMaintenance
{
    private static readonly string[] _ends = ["", "-wal", "-shm", "-journal"];

    /// <summary>The file itself and what SQLite keeps beside it.</summary>
    public IReadOnlyList<string> Files { get; } = FilesIn(directory);

    public Finding? Absence => Path.Exists(Path.Combine(directory, SqliteStorage.FileName))
        ? null
        : new Finding($"there is no mail store in {directory}", "name the server's data directory with --data");

    public ValueTask<StoreReport> CheckAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (findings, figures) = StoreCheck.Run(directory, cancellation);
        return ValueTask.FromResult(new StoreReport(findings, figures));
    }

    public ValueTask<string?> DamageAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(StoreCheck.DamageOf(directory, cancellation));
    }

    public ValueTask<bool> HasAccountAsync(AccountName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(StoreCheck.HasAccount(directory, name));
    }

    public ValueTask<SalvagedMaildrop?> SalvageAsync(AccountName name, Action<string> tell, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return StoreSalvage.OpenAsync(directory, name, tell);
    }

    public ValueTask<CopyResult> BackupAsync(string file, CancellationToken cancellation) =>
        ValueTask.FromResult(StoreBackup.RefusalToReplace(file) is { } refusal ? new CopyResult(0, refusal) : new CopyResult(StoreBackup.Write(directory, file, cancellation)));

    public ValueTask<CopyResult> RestoreAsync(string file, CancellationToken cancellation) =>
        ValueTask.FromResult(StoreRestore.Run(directory, file, cancellation));

    internal static string[] FilesIn(string directory) =>
        [.. _ends.Select(end => Path.Combine(directory, SqliteStorage.FileName + end))];
}
