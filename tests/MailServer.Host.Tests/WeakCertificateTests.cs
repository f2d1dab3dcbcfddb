using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServer.Net;

namespace MailServer.Host.Tests;

/// <summary>A certificate that can be read, but with which no handshake comes about, because the TLS library takes its key for too weak.</summary>
public sealed class WeakCertificateTests : IDisposable
{
    private const string Cause = "TLS refuses it (";
    private const string Remedy = "use one with an RSA key of 2048 bits or more, or an ECDSA key on P-256 or P-384, that is signed with SHA-256";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mailserver-weak-");
    private readonly List<string> _problems = [];

    private string Data => Path.Combine(_folder.FullName, "data");

    private string PemFile => Path.Combine(_folder.FullName, "cert.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_not_taken_in_place_of_a_good_one_and_that_is_told_once()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Write(strength: 2048);
        using var certificates = TlsCertificates.Open(PemFile, PemFile, _problems.Add);
        var good = certificates.Fingerprint;

        Write(strength: 1024);
        _ = certificates.Options;
        _ = certificates.Options;

        Assert.Equal(good, certificates.Fingerprint);
        Assert.Equal(certificates.Certificate.Thumbprint, certificates.Options.ServerCertificateContext!.TargetCertificate.Thumbprint);
        var problem = Assert.Single(_problems);
        Assert.Contains(Cause, problem, StringComparison.Ordinal);
        Assert.Contains(Remedy, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Theory]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0")]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")]
    public async Task Neither_the_start_nor_the_check_takes_it(string variable)
    {
        if (!OperatingSystem.IsLinux())
            return;
        Write(strength: 1024);
        Assert.Equal(0, (await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data])).ExitCode);

        var (startExit, _, startErrors) = await MailServerProcess.RunBehindAsync(
            ["env", variable], "--data", Data, "--smtp", "127.0.0.1:0", "--pop3", "127.0.0.1:0", "--tls-cert", PemFile);
        Assert.Equal(1, startExit);
        Assert.Contains(Cause, startErrors, StringComparison.Ordinal);
        Assert.Contains(Remedy, Assert.Single(startErrors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        var (checkExit, checkOutput, _) = await MailServerProcess.RunBehindAsync(["env", variable], "check", "--data", Data, "--tls-cert", PemFile);
        Assert.Equal(1, checkExit);
        Assert.Contains(Cause, checkOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0")]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")]
    public async Task A_good_one_is_taken_with_ICU_and_without(string variable)
    {
        if (!OperatingSystem.IsLinux())
            return;
        Write(strength: 2048);
        Assert.Equal(0, (await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", Data])).ExitCode);

        var (_, output, _) = await MailServerProcess.RunBehindAsync(["env", variable], "check", "--data", Data, "--tls-cert", PemFile);
        Assert.DoesNotContain(Cause, output, StringComparison.Ordinal);
        Assert.Contains($"certificate: {PemFile}, good until ", output, StringComparison.Ordinal);
    }

    private void Write(int strength)
    {
        using var key = RSA.Create(strength);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(100));
        File.WriteAllText(PemFile, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
