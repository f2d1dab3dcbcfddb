using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Sessions;

namespace MailServer.Benchmarks.Micro;

/// <summary>Takes every message and drops it.</summary>
internal sealed class NullMailStore : IMailStore
{
    public IMessageWriter Begin(Envelope envelope) => new Writer();

    public ValueTask<IMaildrop?> OpenMaildropAsync(Account account, CancellationToken cancellation) => ValueTask.FromResult<IMaildrop?>(null);

    private sealed class Writer : IMessageWriter
    {
        // One thread at a time runs a benchmark.
        private static readonly byte[] _buffer = new byte[128 * 1024];

        public long Length { get; private set; }

        public void Advance(int count) => Length += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => _buffer;

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask CommitAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<bool> CommitMovedAsync(Provenance provenance, CancellationToken cancellation) => ValueTask.FromResult(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Reports nothing to nobody.</summary>
internal sealed class SilentObserver : ISessionObserver
{
    public static SilentObserver Instance { get; } = new();

    public bool WantsLines => false;

    public void LineReceived(string line)
    {
    }

    public void LineSent(string line)
    {
    }

    public void StateEntered(string state)
    {
    }

    public void Refused(string verb, string status, string reply)
    {
    }

    public void LoggedIn(string account)
    {
    }

    public void LoginRefused(string account)
    {
    }

    public void AccountCreated(string account)
    {
    }

    public void MessageStored(string id, string reversePath, IEnumerable<AccountName> recipients, long octets, AccountName? account)
    {
    }

    public void MessageBrokenOff(string id, string reversePath, long octets)
    {
    }

    public void MessageRetrieved(long octets)
    {
    }

    public void MessagesDeleted(int count)
    {
    }

    public void StoreFailed(Exception fault)
    {
    }
}
