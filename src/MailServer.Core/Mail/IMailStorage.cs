using MailServer.Core.Accounts;

namespace MailServer.Core.Mail;

/// <summary>
/// A running store: accounts and their mail, which are written in one order. What a member that writes has returned is durable, as far
/// as the store keeps anything at all (one in memory does not); who reads afterwards, in any session, sees it. What a member
/// has thrown for did not happen. Disposing finishes what is being written, then closes the store.
/// </summary>
public interface IMailStorage : IAsyncDisposable
{
    IAccountStore Accounts { get; }

    IMailStore Mail { get; }

    /// <summary>
    /// Tells of each commit, on the thread that made it: the count of writes in it and the time it took. A store whose
    /// commits cost nothing does not tell. A listener that throws harms no write; <see cref="Failed"/> tells of it.
    /// </summary>
    event Action<int, TimeSpan>? Committed;

    /// <summary>Tells, on a thread of the store, what failed beside the writes themselves; the store goes on.</summary>
    event Action<Exception>? Failed;

    /// <summary>
    /// Sets who is told, on a thread of the store, that what was written is not known any more, so that the process has to end.
    /// Unless it is set the store ends the process itself.
    /// </summary>
    void OnBroken(Action<Exception> end);
}
