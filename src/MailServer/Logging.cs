using System.Globalization;
using System.Text;
using MailServer.Storage.Sqlite;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
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
    public static ILoggerFactory Open(string dataDirectory)
    {
        var directory = Path.Combine(dataDirectory, "logs");
        try
        {
            DataDirectory.CreateFolder(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DataDirectory.Unusable(dataDirectory, exception);
        }

        var targets = new LoggerConfiguration()
            .WriteTo.Console(outputTemplate: ConsoleLine, formatProvider: CultureInfo.InvariantCulture)
            .WriteTo.File(
                Path.Combine(directory, "mailserver-.log"),
                outputTemplate: FileLine,
                formatProvider: CultureInfo.InvariantCulture,
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: KeptFiles,
                buffered: true,
                flushToDiskInterval: _onDisk,
                hooks: new OwnerOnly())
            .CreateLogger();
        var logger = new LoggerConfiguration().WriteTo.Sink(new Behind(targets), _batching).CreateLogger();
        return new SerilogLoggerFactory(logger, dispose: true);
    }

    // Carries lines to their targets, away from whoever logs them.
    private sealed class Behind(Logger targets) : IBatchedLogEventSink, IDisposable
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
            if (!OperatingSystem.IsWindows())
            {
                using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                FileOwner.Give(file, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
            }

            return underlyingStream;
        }
    }
}
