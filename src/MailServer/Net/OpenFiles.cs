using System.Globalization;

namespace MailServer.Net;

/// <summary>How many connections the system's limit of open files leaves room for.</summary>
internal static class OpenFiles
{
    // For the runtime, the store and the log. The runtime ends the process when it cannot open a file that it needs.
    private const int Reserve = 256;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitName = "Max open files";

    /// <summary>What each of some servers may take of the wanted connections.</summary>
    public static int Share(int wanted, int servers) =>
        File.Exists(LimitsFile) && Limit(File.ReadLines(LimitsFile)) is { } limit
            ? Math.Clamp((limit - Reserve) / servers, 1, wanted)
            : wanted;

    /// <summary>The limit in the lines of <c>/proc/self/limits</c>; null when there is none.</summary>
    public static int? Limit(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(LimitName, StringComparison.Ordinal));
        var soft = line?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
