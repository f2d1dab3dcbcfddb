using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace MailServer.Host.Tests;

/// <summary>What a backup replaces: an older one, when told to, and nothing else.</summary>
public sealed class BackupCommandTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-backup-");

    private string Data => At("data");

    public async Task InitializeAsync() => await RunAsync(0, "", "user", "add", "bob", "--no-password");

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task A_backup_replaces_nothing_unless_told_to_and_never_the_store()
    {
        await RunAsync(0, "written to", "backup", At("backup.db"));
        var older = await File.ReadAllBytesAsync(At("backup.db"));
        await RunAsync(0, "", "user", "add", "carol", "--no-password");

        await FailsAsync(1, "--force replaces it", "backup", At("backup.db"));
        await FailsAsync(1, "belongs to the store", "backup", "--force", Path.Combine(Data, "mail.db"));
        await FailsAsync(1, "is a folder", "backup", "--force", Data);
        await FailsAsync(1, "cannot write", "backup", Path.Combine(At("backup.db"), "x"));
        await FailsAsync(1, "no data directory", "backup", At("other.db"), "--data", At("nowhere"));
        await FailsAsync(2, "Required argument missing", "backup");
        Assert.Equal(older, await File.ReadAllBytesAsync(At("backup.db")));
        await RunAsync(0, "written to", "backup", "--force", At("backup.db"));
        Assert.NotEqual(older, await File.ReadAllBytesAsync(At("backup.db")));
        await RunAsync(0, "nothing found", "check");
        Assert.Equal(["backup.db", "data"], _parent.EnumerateFileSystemInfos().Select(entry => entry.Name).Order());
    }

    [Fact]
    public async Task A_backup_replaces_only_files()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var mkfifo = Process.Start("mkfifo", At("pipe")))
            await mkfifo.WaitForExitAsync();
        File.CreateSymbolicLink(At("link"), At("pipe"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(At("socket")));

        foreach (var name in new[] { "pipe", "link", "socket" })
            await FailsAsync(1, "is no file", "backup", "--force", At(name));

        Assert.Equal(["data", "link", "pipe", "socket"], _parent.EnumerateFileSystemInfos().Select(entry => entry.Name).Order());
        Assert.Equal(At("pipe"), File.ResolveLinkTarget(At("link"), returnFinalTarget: false)!.FullName);
    }

    [Theory]
    [InlineData("a letter", false)]
    [InlineData("SQLite format", false)]
    [InlineData("", true)]
    [InlineData("SQLite format 3\0and more", true)]
    public async Task A_backup_replaces_no_file_that_is_something_else(string text, bool isReplaced)
    {
        await File.WriteAllTextAsync(At("there"), text);
        if (isReplaced)
            await RunAsync(0, "written to", "backup", "--force", At("there"));
        else
            await FailsAsync(1, $"{At("there")} is no backup, so nothing replaces it; choose another name, or delete it first", "backup", "--force", At("there"));
        Assert.Equal(isReplaced, text != Encoding.Latin1.GetString(await File.ReadAllBytesAsync(At("there"))));
    }

    [Theory]
    [InlineData("mailserver.lock")]
    [InlineData("mailserver.pid")]
    [InlineData("mailserver.json")]
    [InlineData("tls")]
    [InlineData("tls/key.pem")]
    [InlineData("tls/cert.pem")]
    [InlineData("logs/mailserver-20261130.log")]
    [InlineData("mail.db-wal")]
    [InlineData("mail.db-journal")]
    public async Task Nothing_is_written_where_the_store_and_the_server_have_their_files(string name)
    {
        var path = Path.Combine(Data, name);
        var words = name.StartsWith("mail.db", StringComparison.Ordinal) ? "belongs to the store itself; choose another file" : "belongs to the server; choose another file";
        await FailsAsync(1, words, "backup", path);
        await FailsAsync(1, words, "export", "--user", "bob", "--format", "mbox", path);
        Assert.False(Path.Exists(path));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = name == "mailserver.json" ? "{}" : "";
        await File.WriteAllTextAsync(path, text);

        await FailsAsync(1, words, "backup", "--force", path);
        Directory.CreateSymbolicLink(At("link"), Data);
        await FailsAsync(1, words, "backup", "--force", Path.Combine(At("link"), name));

        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_certificate_elsewhere_is_the_servers_too()
    {
        await File.WriteAllTextAsync(At("cert.pem"), "");
        await File.WriteAllTextAsync(At("key.pem"), "");
        await File.WriteAllTextAsync(At("settings"), $$"""{ "tlsCert": "{{At("cert.pem")}}", "tlsKey": "{{At("key.pem")}}" }""");
        foreach (var name in new[] { "cert.pem", "key.pem" })
            await FailsAsync(1, "belongs to the server; choose another file", "backup", "--force", At(name), "--config", At("settings"));
    }

    private string At(string name) => Path.Combine(_parent.FullName, name);

    private string[] WithData(string[] arguments) => arguments.Contains("--data") ? arguments : [.. arguments, "--data", Data];

    private async Task RunAsync(int exitCode, string words, params string[] arguments)
    {
        var (code, output, errors) = await MailServerProcess.RunAsync(WithData(arguments));
        Assert.True(exitCode == code, $"exit code {code}: {output}{errors}");
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.Equal("", errors);
    }

    private async Task FailsAsync(int exitCode, string reason, params string[] arguments)
    {
        var (code, _, errors) = await MailServerProcess.RunAsync(WithData(arguments));
        Assert.Equal(exitCode, code);
        CommandLineTests.AssertOneLine(errors);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }
}
