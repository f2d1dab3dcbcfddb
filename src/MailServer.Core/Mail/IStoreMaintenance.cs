using MailServer.Core.Accounts;

namespace MailServer.Core.Mail;

/// <summary>
/// What commands do to a store as a whole, whether or not a server is running on it. Every member may throw
/// <see cref="StoreFault"/> when the store cannot be opened; what is found in one that can is a value.
/// </summary>
public interface IStoreMaintenance
{
    /// <summary>The files that the store consists of, whether or not they are there; none when it does not lie in the data directory.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Why there is no store for a command to work on; null when there is one.</summary>
    Finding? Absence { get; }

    /// <summary>Looks through the store for damage. Changes nothing.</summary>
    ValueTask<StoreReport> CheckAsync(CancellationToken cancellation);

    /// <summary>How the store is damaged, in words; null when nothing is seen. Reads everything, and sees no text whose octets alone have changed.</summary>
    ValueTask<string?> DamageAsync(CancellationToken cancellation);

    /// <summary>True when there is an account of this name.</summary>
    ValueTask<bool> HasAccountAsync(AccountName name, CancellationToken cancellation);

    /// <summary>
    /// Opens the maildrop of an account to read what can still be read of it, also where it or the store is damaged so that no session gets it. Null
    /// when there is no account of this name. Changes nothing, but brings a store of an older version to this one's form.
    /// </summary>
    /// <param name="tell">Told in one line what takes long, and what was changed.</param>
    ValueTask<SalvagedMaildrop?> SalvageAsync(AccountName name, Action<string> tell, CancellationToken cancellation);

    /// <summary>
    /// Writes everything that was committed before the call into a file for its owner only. It has its name once it is whole and on disk;
    /// an older one of that name is replaced, and anything else refused. Also throws what the system says about the file. Cancelled it leaves nothing behind.
    /// </summary>
    ValueTask<CopyResult> BackupAsync(string file, CancellationToken cancellation);

    /// <summary>
    /// Makes what <see cref="BackupAsync"/> has written the store, where there is none and no server runs; mail that comes in afterwards gets none of the
    /// unique-ids that were given since the backup. Also throws what the system says when the file cannot be opened. What is refused, or cancelled, leaves nothing behind.
    /// </summary>
    ValueTask<CopyResult> RestoreAsync(string file, CancellationToken cancellation);
}

/// <summary>What looking through a store has shown.</summary>
/// <param name="Figures">Null when it could not be read as far as that.</param>
public sealed record StoreReport(IReadOnlyList<Finding> Findings, StoreFigures? Figures);

/// <summary>What a store holds, and the room that it has.</summary>
/// <param name="Octets">Octets of all messages.</param>
/// <param name="FreeInFile">Octets of the store's file that new mail will take first.</param>
/// <param name="FreeOnDisk">Octets free on the disk.</param>
/// <param name="KeptBack">Octets of both that mail does not take.</param>
public sealed record StoreFigures(long Accounts, long Messages, long Octets, long FreeInFile, long FreeOnDisk, long KeptBack);

/// <summary>What came of copying a store into a file, or a file into a store.</summary>
/// <param name="Octets">The octets of the copy; 0 where there is none.</param>
/// <param name="Refusal">Why there is none, and what to do instead: which other program makes one, where the store itself cannot; null when it was made.</param>
public sealed record CopyResult(long Octets, Finding? Refusal = null);
