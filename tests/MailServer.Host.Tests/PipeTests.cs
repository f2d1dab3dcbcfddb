using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServer.Net;

namespace MailServer.Host.Tests;

/// <summary>To open a pipe waits for its writer, and no signal ends that: none is opened where a file belongs.</summary>
public sealed class PipeTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-pipe-");

    private string Pipe => Path.Combine(_parent.FullName, "pipe");

    public async Task InitializeAsync()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var mkfifo = Process.Start("mkfifo", Pipe);
        await mkfifo.WaitForExitAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _parent.Delete(recursive: true);

    [Theory]
    [InlineData(1, "user", "import", "PIPE")]
    [InlineData(1, "serve", "--tls-cert", "PIPE", "--tls-key", "PIPE", "--smtp", "127.0.0.1:0", "--pop3", "127.0.0.1:0")]
    [InlineData(2, "config", "--config", "PIPE")]
    [InlineData(2, "user", "add", "bob", "--no-password", "--config", "PIPE")]
    public async Task A_pipe_is_refused_where_a_file_is_read(int exitCode, params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
            return;
        string[] line = [.. arguments.Select(argument => argument == "PIPE" ? Pipe : argument), "--data", Path.Combine(_parent.FullName, "data")];

        var (code, _, errors) = await MailServerProcess.RunAsync(line);

        Assert.Equal(exitCode, code);
        Assert.Contains($"{Pipe} is a pipe, a socket or a device, and no file", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_a_pipe_has_taken_the_place_of_stays_in_use()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (file, problems) = (Path.Combine(_parent.FullName, "cert.pem"), new List<string>());
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        }

        using var certificates = TlsCertificates.Open(file, file, problems.Add);
        var before = certificates.Options;
        File.Move(Pipe, file, overwrite: true);
        var after = await Task.Run(() => certificates.Options).WaitAsync(HangGuard.Limit);

        Assert.Same(before, after);
        Assert.Contains("is a pipe, a socket or a device, and no file", Assert.Single(problems), StringComparison.Ordinal);
    }
}
