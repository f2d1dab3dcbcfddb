using System.Globalization;

namespace MailServer.Net;

/// <summary>How many connections the system's limit of open files leaves room for.</summary>
internal static class OpenFiles
{
    // For the runtime, the store and the log. The runtime ends the process when it cannot open a file that it needs.
    private const int Reserve = 256;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitName = "Max open files";

    private const int Servers = 2;

    /// <summary>What each of both servers may take of the wanted connections.</summary>
    public static int Share(int wanted) =>
        File.Exists(LimitsFile) && Limit(File.ReadLines(LimitsFile)) is { } limit
            ? Math.Clamp((limit - Reserve) / Servers, 1, wanted)
            : wanted;

    /// <summary>The limit in the lines of <c>/proc/self/limits</c>; null when there is none.</summary>
    public static int? Limit(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(LimitName, StringComparison.Ordinal));
        var soft = line?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
