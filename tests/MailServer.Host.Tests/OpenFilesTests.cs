namespace MailServer.Host.Tests;

/// <summary>Where the system lets the process open few files, what is in force is what is shown.</summary>
public sealed class OpenFilesTests : IDisposable
{
    private static readonly string[] _fewFiles = ["sh", "-c", "ulimit -n 2000; exec \"$0\" \"$@\""];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-files-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("872 (default; more takes a higher ulimit -n, or LimitNOFILE in a systemd unit)")]
    [InlineData("872 (command line says 5000; more takes a higher ulimit -n, or LimitNOFILE in a systemd unit)", "--connections", "5000")]
    [InlineData("100 (command line)", "--connections", "100")]
    public async Task Config_shows_the_connections_that_are_in_force(string shown, params string[] options)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var (exitCode, output, errors) = await MailServerProcess.RunBehindAsync(_fewFiles, ["config", "--data", _data.FullName, .. options]);

        Assert.Equal((0, ""), (exitCode, errors));
        var row = output.Split('\n').Single(line => line.StartsWith("connections ", StringComparison.Ordinal));
        Assert.Equal(shown, string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, "--connections", "5000")]
    [InlineData(false, "--connections", "100")]
    public async Task Only_who_chose_the_number_is_warned(bool isWarned, params string[] options)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var server = MailServerProcess.StartBehind(_fewFiles, ["--data", _data.FullName, "--smtp", "0", "--pop3", "0", .. options]);
        await server.WaitUntilListeningAsync("POP3");
        await server.SignalAsync("TERM");
        await server.EndAsync();

        var log = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(_data.FullName, "logs"))));
        Assert.Equal(isWarned, log.Contains("Each server takes 872 connections instead of 5000", StringComparison.Ordinal));
        Assert.Equal(isWarned, log.Contains(" WRN ", StringComparison.Ordinal));
    }
}
