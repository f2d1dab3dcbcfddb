using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MailServer.Host.Tests;

/// <summary>A log that a test can read and wait for.</summary>
internal sealed class ListLogger : ILogger, ILoggerFactory
{
    // Only a broken server makes a test wait this long.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <summary>Reads on to the next line that holds this.</summary>
    public async Task<string> NextAsync(string words)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync().AsTask().WaitAsync(_limit);
            if (line.Contains(words, StringComparison.Ordinal))
                return line;
        }
    }

    /// <summary>The lines that have not been read.</summary>
    public List<string> Rest()
    {
        var rest = new List<string>();
        while (_lines.Reader.TryRead(out var line))
            rest.Add(line);
        return rest;
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite($"{logLevel}: {formatter(state, exception)}");

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
