using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Memory;

/// <summary>
/// A store in the memory of this process, for trials and tests: true to the ports, but that nothing is left when the
/// process ends. It takes as much memory as there is mail, and never writes a file.
/// </summary>
public sealed class MemoryStorage : IMailStorage
{
    private readonly MemoryStore _store = new();

    // Nothing costs what would be worth telling, and nothing can fail or break.
    event Action<int, TimeSpan>? IMailStorage.Committed
    {
        add { }
        remove { }
    }

    event Action<Exception>? IMailStorage.Failed
    {
        add { }
        remove { }
    }

    public IAccountStore Accounts => _store;

    public IMailStore Mail => _store;

    void IMailStorage.OnBroken(Action<Exception> end)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
