using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Memory;

/// <summary>What commands can do to a store in the memory of another process: say that they cannot reach it.</summary>
public sealed class MemoryMaintenance : IStoreMaintenance
{
    private static readonly Finding _unreachable = new(
        "a store in memory is known to its server alone, and nothing of it is in any file", "use a store on disk, or ask the server by SMTP and POP3");

    public IReadOnlyList<string> Files => [];

    public Finding? Absence => _unreachable;

    public ValueTask<StoreReport> CheckAsync(CancellationToken cancellation) => ValueTask.FromResult(new StoreReport([_unreachable], null));

    public ValueTask<string?> DamageAsync(CancellationToken cancellation) => ValueTask.FromResult<string?>(null);

    public ValueTask<bool> HasAccountAsync(AccountName name, CancellationToken cancellation) => ValueTask.FromResult(false);

    public ValueTask<SalvagedMaildrop?> SalvageAsync(AccountName name, Action<string> tell, CancellationToken cancellation) => ValueTask.FromResult<SalvagedMaildrop?>(null);

    public ValueTask<CopyResult> BackupAsync(string file, CancellationToken cancellation) => ValueTask.FromResult(new CopyResult(0, _unreachable));

    public ValueTask<CopyResult> RestoreAsync(string file, CancellationToken cancellation) => ValueTask.FromResult(new CopyResult(0, _unreachable));
}
