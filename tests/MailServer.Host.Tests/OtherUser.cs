using System.Diagnostics;

namespace MailServer.Host.Tests;

/// <summary>A user who is in no list of users, and has no home: what a service in a container often runs as.</summary>
internal static class OtherUser
{
    public const string Id = "54321";

    /// <summary>The program, with its arguments, by which a command is run as that user with no environment at all.</summary>
    public static IReadOnlyList<string> As { get; } = ["setpriv", "--reuid", Id, "--regid", Id, "--clear-groups", "env", "-i"];

    private static readonly Lazy<string?> _reasonToSkip = new(() =>
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "needs Linux and root"
        : TryRun([.. As, "test", "-r", typeof(Composition).Assembly.Location]) == "" ? null
        : "needs setpriv, and a folder of this project that others can read");

    public static string? ReasonToSkip => _reasonToSkip.Value;

    /// <summary>A folder that belongs to that user.</summary>
    public static DirectoryInfo CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("mailserver-other-");
        Assert.Equal("", TryRun(["chown", $"{Id}:{Id}", folder.FullName]));
        return folder;
    }

    /// <summary>What a command writes to the standard output, or null when it fails.</summary>
    public static string? TryRun(string[] line)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>A fact that takes root and a second user.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OtherUserFactAttribute : FactAttribute
{
    public OtherUserFactAttribute() => Skip = OtherUser.ReasonToSkip;
}
