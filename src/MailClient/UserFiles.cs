namespace MailClient;

/// <summary>What the client remembers, in files that only the user can read.</summary>
internal static class UserFiles
{
    private const string Variable = "MAILCLIENT_HOME";

    /// <summary>The folder: MAILCLIENT_HOME, or mailclient in the user's configuration folder.</summary>
    public static string Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "mailclient");

    /// <summary>Writes a file of lines in one step, so that an interruption leaves the old one.</summary>
    public static void Write(string path, IEnumerable<string> lines)
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
