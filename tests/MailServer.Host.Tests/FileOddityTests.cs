namespace MailServer.Host.Tests;

/// <summary>What a path leads to is looked up as the system does it.</summary>
public sealed class FileOddityTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-odd-");

    public FileOddityTests()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(At("here"));
        Directory.CreateDirectory(At("real/sub"));
        File.WriteAllText(At("real/file"), "text");
        File.CreateSymbolicLink(At("here/folder"), "../real/sub");
    }

    public void Dispose() => _parent.Delete(recursive: true);

    [Theory]
    [InlineData("real/link", "file", null)]
    [InlineData("here/link", "folder/../file", null)]
    [InlineData("here/link", "folder/../sub", "is a folder")]
    [InlineData("here/link", "../file", "is a link to ../file, which is not there")]
    [InlineData("here/link", "link", "is a link to link, which is not there")]
    [InlineData("here/link", "../real/file/below", "is a link to ../real/file/below, which is not there")]
    public void A_link_leads_where_the_system_says(string link, string target, string? oddity)
    {
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(At(link), target);

        Assert.Equal(oddity, FileOddity.Of(At(link)));
    }

    [Fact]
    public async Task A_link_without_a_folder_in_its_name_lies_in_the_working_directory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        File.CreateSymbolicLink(At("link"), "real/file");
        File.CreateSymbolicLink(At("dead"), "real/nothing");

        foreach (var (name, isDead) in new[] { ("link", false), ("./link", false), ("dead", true) })
        {
            var (exitCode, _, errors) = await MailServerProcess.RunBehindAsync(
                ["env", "-C", _parent.FullName], "--data", At("data"), "--smtp", "127.0.0.1:0", "--pop3", "127.0.0.1:0", "--tls-cert", name);
            Assert.Equal(1, exitCode);
            Assert.Contains($"the certificate {name} ", errors, StringComparison.Ordinal);
            Assert.Equal(isDead, errors.Contains("is not there", StringComparison.Ordinal));
        }
    }

    private string At(string name) => Path.Combine(_parent.FullName, name);
}
