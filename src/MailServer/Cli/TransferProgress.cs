using System.Globalization;

namespace MailServer.Cli;

/// <summary>A line on the terminal that says how far a transfer has come; nothing where there is no terminal.</summary>
/// <param name="total">What is to be done in all.</param>
/// <param name="format">The line for what is done.</param>
internal sealed class TransferProgress(TextWriter error, long total, Func<long, string> format) : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _shownAt;
    private int _width;

    /// <summary>Shows what is done by now, at most five times a second.</summary>
    public void Report(long done)
    {
        if (!_isShown || (_shownAt != 0 && TimeProvider.System.GetElapsedTime(_shownAt) < _pause))
            return;
        _shownAt = TimeProvider.System.GetTimestamp();
        var percent = total == 0 ? 100 : (int)Math.Min(100, done * 100.0 / total);
        var line = string.Create(CultureInfo.InvariantCulture, $"{Bar(percent)} {percent,3}%  {format(done)}");
        error.Write("\r" + line.PadRight(_width));
        _width = line.Length;
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        if (_width > 0)
            error.Write("\r" + new string(' ', _width) + "\r");
        _width = 0;
    }

    /// <summary>Octets as a person reads them.</summary>
    public static string Size(long octets) => octets switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{octets} octets"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1024.0:0.0} KiB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets / 1073741824.0:0.0} GiB"),
    };

    private static string Bar(int percent) => "[" + new string('#', percent / 5).PadRight(20, '.') + "]";
}
