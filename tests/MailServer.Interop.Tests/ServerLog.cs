using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MailServer.Interop.Tests;

/// <summary>Keeps the server's log, transcripts included, for whoever reads why a test failed.</summary>
internal sealed class ServerLog(ConcurrentQueue<string> lines) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue(exception is null ? formatter(state, null) : $"{formatter(state, null)} {exception}");

    public void Dispose()
    {
    }
}
