namespace MailServer.Interop.Tests;

/// <summary>Where this machine keeps its mail programs.</summary>
internal static class Programs
{
    // The system's own programs come first: a Python of somebody's own may lack what the packages bring.
    private static readonly string[] Folders =
        ["/usr/bin", "/usr/sbin", "/bin", "/sbin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];

    /// <summary>The program's file, or null.</summary>
    public static string? Find(string program) =>
        Folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Why a test of this program cannot run here, or null when it can or must.</summary>
    public static string? ReasonToSkip(string program)
    {
        if (!OperatingSystem.IsLinux())
            return "The options of mail programs differ from system to system; these are Linux's.";
        if (program == "postfix" && !Environment.IsPrivilegedProcess)
            return "Postfix changes between users, which only root may.";
        var isRequired = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
        return isRequired || Find(program) is not null ? null : $"{program} is not installed; .ci/apt-packages.txt names the packages.";
    }
}
