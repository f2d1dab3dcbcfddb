using System.Globalization;
using System.Text;
using MailServer.Files;
using MailServer.Settings;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using Serilog.Sinks.File;

namespace MailServer;

/// <summary>The log of the program: the console, and a file a day in DIR/logs, readable by their owner only.</summary>
internal static class Logging
{
    private const string ConsoleLine = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}";
    private const string FileLine = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";
    private const int KeptFiles = 31;

    // How far the file lags behind. What a crash is about is on the console by then.
    private static readonly TimeSpan _onDisk = TimeSpan.FromSeconds(1);

    // Mail must not wait for the log, so whoever floods it loses lines; and a line by itself costs more than the message
    // it tells of, because a thread has to be woken for it.
    private static readonly BatchingOptions _batching = new()
    {
        BufferingTimeLimit = TimeSpan.FromMilliseconds(50),
        QueueLimit = 10_000,
    };

    /// <summary>Opens the log. Disposing it writes what is still in memory.</summary>
    public static ILoggerFactory Open(DataDirectory directory, LogFormat format)
    {
        try
        {
            PrivateFiles.CreateGivenFolder(directory.Logs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw directory.Unusable(exception);
        }

        var targets = new LoggerConfiguration()
            .WriteTo.Console(Formatter(format, ConsoleLine))
            .WriteTo.File(
                Formatter(format, FileLine),
                Path.Combine(directory.Logs, "mailserver-.log"),
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: KeptFiles,
                buffered: true,
                flushToDiskInterval: _onDisk,
                hooks: new OwnerOnly())
            .CreateLogger();
        var logger = new LoggerConfiguration().WriteTo.Sink(new BackgroundSink(targets), _batching).CreateLogger();
        return new SerilogLoggerFactory(logger, dispose: true);
    }

    private static ITextFormatter Formatter(LogFormat format, string line) => format == LogFormat.Json
        ? new JsonFormatter(formatProvider: CultureInfo.InvariantCulture)
        : new MessageTemplateTextFormatter(line, CultureInfo.InvariantCulture);

    // Writes to console and file on a thread of its own, so that logging never blocks a session.
    private sealed class BackgroundSink(Logger targets) : IBatchedLogEventSink, IDisposable
    {
        public Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
        {
            foreach (var line in batch)
                targets.Write(line);
            return Task.CompletedTask;
        }

        public void Dispose() => targets.Dispose();
    }

    private sealed class OwnerOnly : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            PrivateFiles.MakePrivate(path);
            return underlyingStream;
        }
    }
}
