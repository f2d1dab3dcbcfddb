using System.Diagnostics;

namespace MailServer.Requirements;

/// <summary>Where this machine keeps its programs, and how tests start them.</summary>
public static class Programs
{
    /// <summary>Names the folders to search instead of the usual ones, for whoever wants to see what tests do where programs are missing or odd.</summary>
    public const string PathVariable = "MAILSERVER_TEST_PATH";

    /// <summary>
    /// The folders that are searched, in order. The system's own programs come first: a Python of somebody's own may lack what
    /// the packages bring.
    /// </summary>
    public static IReadOnlyList<string> Folders { get; } = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path
        ? Split(path)
        : ["/usr/bin", "/usr/sbin", "/bin", "/sbin", .. Split(Environment.GetEnvironmentVariable("PATH") ?? "")];

    /// <summary>The file of a program, or null.</summary>
    public static string? Find(string program) => Find(program, Folders);

    /// <summary>
    /// How to start a program with its console as pipes. It finds other programs where tests find them, speaks English, and is
    /// told of no proxy. Throws <see cref="InvalidOperationException"/> when it is not installed.
    /// </summary>
    public static ProcessStartInfo Prepare(string program, IEnumerable<string> arguments) => Prepare(program, arguments, Folders);

    internal static string? Find(string program, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsProgram);

    internal static ProcessStartInfo Prepare(string program, IEnumerable<string> arguments, IReadOnlyList<string> folders)
    {
        var file = Find(program, folders) ?? throw new InvalidOperationException($"{program} is not installed");
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["PATH"] = string.Join(Path.PathSeparator, folders);
        start.Environment["NODE_PATH"] = NodeModules;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["TERM"] = "dumb";
        return start;
    }

    // Where .ci/run lays packages of npm, and where somebody else may have them.
    private static string NodeModules { get; } = string.Join(
        Path.PathSeparator, [.. Above(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, ".ci", "npm", "node_modules")).Where(Directory.Exists), .. Split(Environment.GetEnvironmentVariable("NODE_PATH") ?? "")]);

    private static IEnumerable<string> Above(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    private static string[] Split(string path) => path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsProgram(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);
}
