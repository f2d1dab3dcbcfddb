namespace MailServer;

/// <summary>Parts that are freed together, in the opposite order of that in which they were made.</summary>
internal sealed class OwnedParts : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _frees = new();

    public T Own<T>(T part)
        where T : IDisposable
    {
        _frees.Push(() =>
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        });
        return part;
    }

    /// <inheritdoc cref="Own{T}"/>
    public T OwnAsync<T>(T part)
        where T : IAsyncDisposable
    {
        _frees.Push(part.DisposeAsync);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_frees.TryPop(out var free))
            await free();
    }
}
