using MailServer.Core.Mail;

namespace MailServer.Storage.Sqlite;

/// <summary>A write in flight. It may run more than once: again when the batch that it was part of was rolled back.</summary>
internal abstract class WriteOperation
{
    /// <summary>True when the commit must be fsynced before <see cref="Complete"/>; false for a step towards such an operation.</summary>
    public bool IsDurable { get; init; }

    /// <summary>Does the write within a transaction that is not committed yet.</summary>
    public abstract void Run(WriteConnection connection);

    /// <summary>Tells the caller that the last run is committed.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was written.</summary>
    public abstract void Fail(StoreFault fault);
}

/// <inheritdoc/>
internal sealed class WriteOperation<T>(Func<WriteConnection, T> write) : WriteOperation
{
    // The callers' code must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>The result, once it is committed.</summary>
    public Task<T> Done => _done.Task;

    public override void Run(WriteConnection connection) => _result = write(connection);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(StoreFault fault) => _done.TrySetException(fault);
}
