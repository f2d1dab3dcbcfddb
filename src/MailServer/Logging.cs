using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;
using Serilog.Sinks.File;

namespace MailServer;

/// <summary>The log of the program: the console, and a file a day in DIR/logs, readable by their owner only.</summary>
internal static class Logging
{
    private const string ConsoleLine = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}";
    private const string FileLine = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";
    private const int KeptFiles = 31;

    /// <summary>Opens the log. Disposing it writes what is still in memory.</summary>
    public static ILoggerFactory Open(string dataDirectory)
    {
        var directory = Path.Combine(dataDirectory, "logs");
        MakeDirectory(directory);
        var logger = new LoggerConfiguration()
            .WriteTo.Async(to => to
                .Console(outputTemplate: ConsoleLine, formatProvider: CultureInfo.InvariantCulture)
                .WriteTo.File(
                    Path.Combine(directory, "mailserver-.log"),
                    outputTemplate: FileLine,
                    formatProvider: CultureInfo.InvariantCulture,
                    rollingInterval: RollingInterval.Day,
                    retainedFileCountLimit: KeptFiles,
                    hooks: new OwnerOnly()))
            .CreateLogger();
        return new SerilogLoggerFactory(logger, dispose: true);
    }

    private static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed class OwnerOnly : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return underlyingStream;
        }
    }
}
