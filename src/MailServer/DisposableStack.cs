namespace MailServer;

/// <summary>Parts that are disposed of together, the last one first.</summary>
internal sealed class DisposableStack : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _disposals = new();

    public T Add<T>(T part)
        where T : IDisposable
    {
        _disposals.Push(() =>
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        });
        return part;
    }

    /// <inheritdoc cref="Add{T}"/>
    public T AddAsyncDisposable<T>(T part)
        where T : IAsyncDisposable
    {
        _disposals.Push(part.DisposeAsync);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_disposals.TryPop(out var dispose))
            await dispose();
    }
}
