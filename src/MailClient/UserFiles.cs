namespace MailClient;

/// <summary>What the client remembers, in files that only the user can read.</summary>
internal static class UserFiles
{
    private const string Variable = "MAILCLIENT_HOME";

    private static bool _isTold;

    /// <summary>The folder: MAILCLIENT_HOME, or mailclient in the user's configuration folder.</summary>
    public static string Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "mailclient");

    /// <summary>
    /// Writes a file of lines in one step, so that an interruption leaves the old one. Where that cannot be nothing is remembered, which is
    /// told once: mail can be read and sent all the same.
    /// </summary>
    public static void Remember(string path, IEnumerable<string> lines, Action<string>? warn)
    {
        try
        {
            Write(path, lines);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Warn(exception, warn);
        }
    }

    /// <summary>The lines of a file; none where there is no file. What cannot be read is told as what cannot be written is.</summary>
    public static string[] Recall(string path, Action<string>? warn)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Warn(exception, warn);
            return [];
        }
    }

    private static void Warn(Exception exception, Action<string>? warn)
    {
        if (warn is null || Interlocked.Exchange(ref _isTold, true))
            return;
        warn($"nothing is remembered of what was read or agreed to: {Faults.Describe(exception)}; name a folder that can be used with {Variable}");
    }

    private static void Write(string path, IEnumerable<string> lines)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var unfinished = $"{path}.{Environment.ProcessId}";
        using (var writer = new StreamWriter(unfinished, options))
        {
            foreach (var line in lines)
                writer.WriteLine(line);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
