using System.Diagnostics;

namespace MailServer.Host.Tests.Torture;

/// <summary>A file system on a mount point of its own, gone when disposed.</summary>
internal sealed class Mount : IDisposable
{
    private readonly DirectoryInfo _point = System.IO.Directory.CreateTempSubdirectory("mailserver-mount-");

    private Mount()
    {
    }

    public string Directory => _point.FullName;

    /// <summary>A disk in memory of a size such as <c>8m</c>.</summary>
    public static Mount Tmpfs(string size)
    {
        var mount = new Mount();
        mount.RunOrForget("mount", "-t", "tmpfs", "-o", $"size={size},mode=700", "tmpfs", mount.Directory);
        return mount;
    }

    /// <summary>Another way to a directory, on which nothing can be written.</summary>
    public static Mount ReadOnly(string directory)
    {
        var mount = new Mount();
        mount.RunOrForget("mount", "--bind", directory, mount.Directory);
        Run("mount", "-o", "remount,bind,ro", mount.Directory);
        return mount;
    }

    public void Dispose()
    {
        Run("umount", "--lazy", Directory);
        _point.Delete();
    }

    /// <summary>Runs a program of the system's. Throws <see cref="InvalidOperationException"/> when it fails.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(Programs.Prepare(program, arguments))!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors}");
    }

    private void RunOrForget(string program, params string[] arguments)
    {
        try
        {
            Run(program, arguments);
        }
        catch (InvalidOperationException)
        {
            _point.Delete();
            throw;
        }
    }
}
